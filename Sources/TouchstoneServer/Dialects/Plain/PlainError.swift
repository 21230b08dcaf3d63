import HTTPTypes
import JSON

/// Errors of the service's own paths, and of Ollama: `{"error":"a sentence"}`.
enum PlainError {
  /// - Parameter overloaded: the status where there is too much to do; Ollama's is 503.
  static func answer(to error: ServiceError, overloaded: HTTPResponse.Status = .tooManyRequests) -> Answer {
    Answer(
      status: status(of: error, overloaded: overloaded), headers: error.headers,
      json: .object([.init("error", .string(error.description))]))
  }

  private static func status(
    of error: ServiceError, overloaded: HTTPResponse.Status
  ) -> HTTPResponse.Status {
    switch error {
    case .malformed, .invalid, .tooMany, .inputTooLong, .wrongModel: .badRequest
    case .unauthorized: .unauthorized
    case .unknownModel, .unknownRoute: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .bodyTooLarge: .contentTooLarge
    case .overloaded: overloaded
    case .unavailable, .tookTooLong: .serviceUnavailable
    case .timeout: .requestTimeout
    case .engine: .internalServerError
    }
  }
}
