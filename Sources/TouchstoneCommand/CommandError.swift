import Touchstone

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a command stopped. `description` is one sentence: where, what was found, what was needed, the remedy.
package enum CommandError: Error, Equatable, CustomStringConvertible {
  /// One text of the input is wrong.
  case input(InputLocation, reason: String)
  case cannotRead(path: String, code: Int32)
  case cannotWrite(path: String, code: Int32)
  /// The options do not go together, or not with this model.
  case usage(String)
  /// No model was named and none was found.
  case noModel
  /// No reranker was named.
  case noReranker
  /// Anything else that is wrong with what was asked, as a sentence.
  case failure(String)
  /// A check could not be made: its answer is unknown, and not that something is wrong.
  case checkFailed(String)
  /// The reader of standard output has gone.
  case brokenPipe
  /// A signal asked the command to stop.
  case interrupted

  package var description: String {
    switch self {
    case .input(let location, let reason): "\(location): \(reason)"
    case .cannotRead(let path, let code): "cannot read \(path): \(Self.explain(code))"
    case .cannotWrite(let path, let code): "cannot write \(path): \(Self.explain(code))"
    case .usage(let sentence), .failure(let sentence), .checkFailed(let sentence): sentence
    case .noModel:
      "no model: fetch one with 'touchstone pull 0.6B' and pass --model 0.6B, pass --model FILE.gguf, or set "
        + "TOUCHSTONE_MODEL"
    case .noReranker:
      "no reranker: fetch one with 'touchstone pull reranker-0.6B' and pass --model reranker-0.6B, pass --model FILE.gguf, or set "
        + ModelLocator.rerankVariable
    case .brokenPipe: "the reader of standard output has gone"
    case .interrupted: "interrupted"
    }
  }

  /// The system's words for an `errno`: `No such file or directory`.
  private static func explain(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}

/// How the command ends. A signal ends it as the signal would, so that shells see it.
package enum ExitStatus: Int32 {
  case success = 0
  /// An input, a model or an output failed.
  case failure = 1
  /// The command line is wrong.
  case usage = 2
  /// A check could not be made; 1 and 2 are its verdicts.
  case checkFailed = 3

  package init(of error: any Error) {
    self =
      switch error {
      case CommandError.usage, TouchstoneError.invalidOption: .usage
      case CommandError.checkFailed: .checkFailed
      default: .failure
      }
  }

  /// The paragraph about them in `--help`.
  package static let explanation = """
    EXIT STATUS: 0 success; 1 an input, a model or an output failed; 2 the command line is wrong. Lines written \
    before a failure are whole. A file named with --output appears only when it is complete; embed keeps finished \
    vectors (see its --resume). check has further statuses: see its help.
    """
}
