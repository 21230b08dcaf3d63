import HTTPTypes
import JSON

/// Errors as text-embeddings-inference has them: `{"error":"a sentence","error_type":"Validation"}`.
enum TEIError {
  static func answer(to error: ServiceError) -> Answer {
    let form = form(of: error)
    return Answer(
      status: form.status, headers: error.headers,
      json: .object([.init("error", .string(error.description)), .init("error_type", .string(form.type))]))
  }

  private static func form(of error: ServiceError) -> (status: HTTPResponse.Status, type: String) {
    switch error {
    case .malformed, .invalid, .tokenIDsRefused: (.unprocessableContent, "Validation")
    case .tooManyInputs, .tooMany, .inputTooLong, .bodyTooLarge: (.contentTooLarge, "Validation")
    case .unauthorized, .foreignHost, .foreignOrigin: (error.status, "Unauthorized")
    case .unknownModel, .unknownRoute, .methodNotAllowed, .timeout, .unsupportedEncoding,
      .unsupportedTransfer:
      (error.status, "Validation")
    case .overloaded: (error.status, "Overloaded")
    case .unavailable, .tookTooLong: (error.status, "Unhealthy")
    case .wrongModel, .engine: (HTTPResponse.Status(code: 424, reasonPhrase: "Failed Dependency"), "Backend")
    }
  }
}
