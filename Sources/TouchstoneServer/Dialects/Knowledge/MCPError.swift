import JSON

/// Errors of the Model Context Protocol that come before its messages are read: JSON-RPC's, without an id.
enum MCPError {
  static func answer(to error: ServiceError) -> Answer {
    let code =
      switch error {
      case .malformed: -32700
      case .engine, .unavailable, .overloaded, .tookTooLong: -32603
      default: -32600
      }
    return Answer(
      status: error.status, headers: error.headers,
      json: .object([
        .init("jsonrpc", .string("2.0")), .init("id", .null),
        .init(
          "error",
          .object([.init("code", .number(code)), .init("message", .string(error.description))])),
      ]))
  }
}
