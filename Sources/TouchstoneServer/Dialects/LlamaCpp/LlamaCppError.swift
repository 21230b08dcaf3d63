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
    if case .inputTooLong(let length) = error {
      if case .tokens(let count) = length.size { members.append(.init("n_prompt_tokens", .number(count))) }
      members.append(.init("n_ctx", .number(length.limit)))
    }
    return Answer(
      status: form.status, headers: error.headers, json: .object([.init("error", .object(members))]))
  }

  private static func form(of error: ServiceError) -> (status: HTTPResponse.Status, type: String) {
    switch error {
    case .malformed, .invalid, .tokenIDsRefused, .tooManyInputs, .tooMany, .bodyTooLarge, .timeout,
      .methodNotAllowed,
      .unsupportedEncoding, .unsupportedTransfer:
      (error.status, "invalid_request_error")
    case .inputTooLong: (error.status, "exceed_context_size_error")
    case .unauthorized: (error.status, "authentication_error")
    case .foreignHost, .foreignOrigin: (error.status, "permission_error")
    case .unknownModel, .unknownRoute: (error.status, "not_found_error")
    case .wrongModel: (.notImplemented, "not_supported_error")
    case .overloaded, .unavailable, .tookTooLong: (error.status, "unavailable_error")
    case .engine: (error.status, "server_error")
    }
  }
}
