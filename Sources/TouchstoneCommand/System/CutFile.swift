#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A mapped file that becomes shorter while it is in use, as when a download overwrites a model in place,
/// raises SIGBUS where the missing part is read. Nothing can be computed from there on, but it can be said
/// what happened.
enum CutFile {
  private static let sentence: StaticString =
    "touchstone: a file in use, most likely the model's, was cut or cannot be read any more; write a new file beside the old one and rename it, which leaves running commands alone\n"

  /// 1 and 2 are verdicts of `check`.
  private static let status =
    CommandLine.arguments.dropFirst().first == "check" ? ExitStatus.checkFailed : ExitStatus.failure

  /// Ends the process with a sentence and a status where SIGBUS would have ended it without one.
  static func install() {
    // Made now: nothing may be made in the handler.
    _ = (sentence, status)
    var action = sigaction()
    let handler: @convention(c) (Int32) -> Void = { _ in
      CutFile.sentence.withUTF8Buffer { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
      _exit(CutFile.status.rawValue)
    }
    #if canImport(Glibc)
      action.__sigaction_handler.sa_handler = handler
    #elseif canImport(Musl)
      action.__sa_handler.sa_handler = handler
    #else
      action.__sigaction_u.__sa_handler = handler
    #endif
    sigaction(SIGBUS, &action, nil)
  }
}
