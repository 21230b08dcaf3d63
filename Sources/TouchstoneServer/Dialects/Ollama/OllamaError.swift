import HTTPTypes
import JSON

/// Errors as Ollama has them: `{"error":"a sentence"}`.
enum OllamaError {
  static func answer(to error: ServiceError) -> Answer {
    Answer(
      status: status(of: error), headers: error.headers,
      json: .object([.init("error", .string(error.description))]))
  }

  private static func status(of error: ServiceError) -> HTTPResponse.Status {
    switch error {
    case .malformed, .invalid, .tooMany, .inputTooLong, .wrongModel: .badRequest
    case .unauthorized: .unauthorized
    case .unknownModel, .unknownRoute: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .timeout: .requestTimeout
    case .bodyTooLarge: .contentTooLarge
    case .overloaded, .unavailable, .tookTooLong: .serviceUnavailable
    case .engine: .internalServerError
    }
  }
}
