import Touchstone

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

  /// What `--help` says about them.
  package static let explanation = """
    EXIT STATUS: 0 all went well; 1 an input, a model or an output failed; 2 the command line is wrong. Lines \
    written before a failure are whole; a file named with --output appears only when it is complete. check has others: \
    see its help.
    """
}
