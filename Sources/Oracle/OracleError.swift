/// Why the oracle cannot say anything. `description` is one sentence for a person; it never quotes a text.
package enum OracleError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The model file, or the environment to run it in.
  case model(String)
  /// A file of vectors, or what the other side answered.
  case input(String)
  /// The task was canceled.
  case cancelled

  package var description: String {
    switch self {
    case .model(let sentence), .input(let sentence): sentence
    case .cancelled: "the check was interrupted"
    }
  }
}
