import HTTPTypes

/// What HTTP itself has for an error, in every dialect that has nothing else.
extension ServiceError {
  package var status: HTTPResponse.Status {
    switch self {
    case .malformed, .invalid, .tokenIDsRefused, .tooManyInputs, .tooMany, .inputTooLong, .wrongModel:
      .badRequest
    case .unauthorized: .unauthorized
    case .foreignHost, .foreignOrigin: .forbidden
    case .unknownModel, .unknownRoute, .notFound: .notFound
    case .conflict: .conflict
    case .unreadable: .unprocessableContent
    case .methodNotAllowed: .methodNotAllowed
    case .bodyTooLarge: .contentTooLarge
    case .unsupportedEncoding: .unsupportedMediaType
    case .unsupportedTransfer: .notImplemented
    case .overloaded: .tooManyRequests
    case .unavailable, .tookTooLong: .serviceUnavailable
    case .timeout: .requestTimeout
    case .engine: .internalServerError
    }
  }

  package var headers: HTTPFields {
    switch self {
    case .overloaded(let seconds): [.retryAfter: "\(seconds)"]
    case .unavailable: [.retryAfter: "1"]
    case .unauthorized: [.wwwAuthenticate: "Bearer"]
    case .methodNotAllowed(let allowed): [.allow: allowed]
    case .unsupportedEncoding: [.acceptEncoding: "identity"]
    default: [:]
    }
  }
}
