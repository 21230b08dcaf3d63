import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore

/// What a route answered, as it came.
struct Reply {
  let status: Int
  let headers: HTTPFields
  let text: String

  subscript(header name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}

extension TestClientProtocol {
  func reply(_ path: String, _ json: String? = nil) async throws -> Reply {
    try await execute(
      uri: path, method: json == nil ? .get : .post, body: json.map { ByteBuffer(string: $0) }
    ) { Reply(status: $0.status.code, headers: $0.headers, text: String(buffer: $0.body)) }
  }
}
