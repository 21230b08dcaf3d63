import HTTPTypes
import JSON

/// Errors as OpenAI's API has them: `{"error":{"message":…,"type":…,"param":…,"code":…}}`.
enum OpenAIError {
  static func answer(to error: ServiceError) -> Answer {
    let form = form(of: error)
    return Answer(
      status: error.status, headers: error.headers,
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
    var type = "invalid_request_error"
    var parameter: String?
    var code: String?
  }

  private static func form(of error: ServiceError) -> Form {
    switch error {
    case .malformed: Form()
    case .invalid(let parameter, _): Form(parameter: parameter)
    case .tokenIDsRefused(let parameter): Form(parameter: parameter, code: "token_ids_refused")
    case .tooManyInputs(let parameter, _, _): Form(parameter: parameter, code: "too_many_inputs")
    case .tooMany: Form(parameter: "input", code: "too_many_tokens")
    case .inputTooLong(let length): Form(parameter: length.parameter, code: "context_length_exceeded")
    case .wrongModel: Form(parameter: "model", code: "model_not_supported")
    case .unauthorized: Form(type: "authentication_error", code: "invalid_api_key")
    case .foreignHost: Form(type: "permission_error", code: "foreign_host")
    case .foreignOrigin: Form(type: "permission_error", code: "foreign_origin")
    case .unknownModel: Form(parameter: "model", code: "model_not_found")
    case .notFound: Form(code: "not_found")
    case .conflict: Form(code: "conflict")
    case .unreadable: Form(parameter: "file", code: "unsupported_file")
    case .unknownRoute: Form(code: "unknown_url")
    case .methodNotAllowed: Form(code: "method_not_supported")
    case .bodyTooLarge: Form(code: "request_too_large")
    case .unsupportedEncoding: Form(code: "unsupported_encoding")
    case .unsupportedTransfer: Form(code: "unsupported_transfer_coding")
    case .overloaded: Form(type: "rate_limit_error", code: "rate_limit_exceeded")
    case .unavailable: Form(type: "server_error", code: "service_unavailable")
    case .tookTooLong: Form(type: "server_error", code: "timeout")
    case .timeout: Form(code: "timeout")
    case .engine: Form(type: "server_error")
    }
  }
}
