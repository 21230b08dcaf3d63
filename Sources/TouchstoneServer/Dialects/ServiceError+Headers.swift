import HTTPTypes

extension ServiceError {
  /// The headers that HTTP asks for with some errors, in every dialect.
  package var headers: HTTPFields {
    switch self {
    case .overloaded(let seconds): [.retryAfter: "\(seconds)"]
    case .unavailable: [.retryAfter: "1"]
    case .unauthorized: [.wwwAuthenticate: "Bearer"]
    case .methodNotAllowed(let allowed): [.allow: allowed]
    default: [:]
    }
  }
}
