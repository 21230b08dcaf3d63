import HTTPTypes
import JSON

/// Errors of the service's own paths, and of Ollama: `{"error":"a sentence"}`.
enum PlainError {
  /// - Parameter overloaded: the status where there is too much to do; Ollama's is 503.
  static func answer(to error: ServiceError, overloaded: HTTPResponse.Status = .tooManyRequests) -> Answer {
    var status = error.status
    if case .overloaded = error { status = overloaded }
    return Answer(
      status: status, headers: error.headers, json: .object([.init("error", .string(error.description))]))
  }
}
