import HTTPTypes
import JSON

/// Errors of the service's own paths: `{"error":"a sentence"}`.
enum PlainError {
  static func answer(to error: ServiceError) -> Answer {
    Answer(
      status: status(of: error), headers: error.headers,
      json: .object([.init("error", .string(error.description))]))
  }

  private static func status(of error: ServiceError) -> HTTPResponse.Status {
    switch error {
    case .malformed, .invalid, .tooMany, .inputTooLong: .badRequest
    case .unauthorized: .unauthorized
    case .unknownModel, .unknownRoute: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .bodyTooLarge: .contentTooLarge
    case .overloaded: .tooManyRequests
    case .unavailable, .tookTooLong: .serviceUnavailable
    case .timeout: .requestTimeout
    case .engine: .internalServerError
    }
  }
}
