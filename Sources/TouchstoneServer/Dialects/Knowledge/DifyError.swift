import JSON

/// Errors as Dify's external knowledge has them: `{"error_code":2001,"error_msg":"a sentence"}`.
enum DifyError {
  static func answer(to error: ServiceError) -> Answer {
    // 1001 to 1003 and 2001 are of Dify's documentation; other errors have their status.
    let code =
      switch error {
      case .unauthorized: 1002
      case .notFound: 2001
      default: error.status.code
      }
    return Answer(
      status: error.status, headers: error.headers,
      json: .object([.init("error_code", .number(code)), .init("error_msg", .string(error.description))]))
  }
}
