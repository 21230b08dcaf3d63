import HTTPTypes
import JSON

/// Errors as llama.cpp's server has them: `{"error":{"code":400,"message":…,"type":…}}`.
enum LlamaCppError {
  static func answer(to error: ServiceError) -> Answer {
    let form = form(of: error)
    var members: [JSONValue.Member] = [
      .init("code", .number(form.status.code)), .init("message", .string(error.description)),
      .init("type", .string(form.type)),
    ]
    if case .inputTooLong(_, let tokens, let limit) = error {
      members += [.init("n_prompt_tokens", .number(tokens)), .init("n_ctx", .number(limit))]
    }
    return Answer(
      status: form.status, headers: error.headers, json: .object([.init("error", .object(members))]))
  }

  private static func form(of error: ServiceError) -> (status: HTTPResponse.Status, type: String) {
    switch error {
    case .malformed, .invalid, .tooMany: (.badRequest, "invalid_request_error")
    case .inputTooLong: (.badRequest, "exceed_context_size_error")
    case .bodyTooLarge: (.contentTooLarge, "invalid_request_error")
    case .timeout: (.requestTimeout, "invalid_request_error")
    case .methodNotAllowed: (.methodNotAllowed, "invalid_request_error")
    case .unauthorized: (.unauthorized, "authentication_error")
    case .unknownModel, .unknownRoute: (.notFound, "not_found_error")
    case .wrongModel: (.notImplemented, "not_supported_error")
    case .overloaded: (.tooManyRequests, "unavailable_error")
    case .unavailable, .tookTooLong: (.serviceUnavailable, "unavailable_error")
    case .engine: (.internalServerError, "server_error")
    }
  }
}
