import HTTPTypes
import JSON

/// Errors as OpenAI's API has them: `{"error":{"message":…,"type":…,"param":…,"code":…}}`.
enum OpenAIError {
  static func answer(to error: ServiceError) -> Answer {
    let form = form(of: error)
    return Answer(
      status: form.status, headers: error.headers,
      json: .object([
        .init(
          "error",
          .object([
            .init("message", .string(error.description)), .init("type", .string(form.type)),
            .init("param", form.parameter.map(JSONValue.string) ?? .null),
            .init("code", form.code.map(JSONValue.string) ?? .null),
          ]))
      ]))
  }

  private struct Form {
    let status: HTTPResponse.Status
    var type = "invalid_request_error"
    var parameter: String?
    var code: String?
  }

  private static func form(of error: ServiceError) -> Form {
    switch error {
    case .malformed: Form(status: .badRequest)
    case .invalid(let parameter, _): Form(status: .badRequest, parameter: parameter)
    case .tooMany: Form(status: .badRequest, parameter: "input", code: "too_many_tokens")
    case .inputTooLong: Form(status: .badRequest, parameter: "input", code: "context_length_exceeded")
    case .unauthorized: Form(status: .unauthorized, type: "authentication_error", code: "invalid_api_key")
    case .unknownModel: Form(status: .notFound, parameter: "model", code: "model_not_found")
    case .unknownRoute: Form(status: .notFound, code: "unknown_url")
    case .methodNotAllowed: Form(status: .methodNotAllowed, code: "method_not_supported")
    case .bodyTooLarge: Form(status: .contentTooLarge, code: "request_too_large")
    case .overloaded: Form(status: .tooManyRequests, type: "rate_limit_error", code: "rate_limit_exceeded")
    case .unavailable: Form(status: .serviceUnavailable, type: "server_error", code: "service_unavailable")
    case .tookTooLong: Form(status: .serviceUnavailable, type: "server_error", code: "timeout")
    case .timeout: Form(status: .requestTimeout, code: "timeout")
    case .engine: Form(status: .internalServerError, type: "server_error")
    }
  }
}
