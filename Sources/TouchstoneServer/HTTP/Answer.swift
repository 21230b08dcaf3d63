import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// What a route answers: a status, headers and bytes.
package struct Answer: Sendable {
  package var status: HTTPResponse.Status
  package var headers: HTTPFields
  package var bytes: [UInt8]
  /// What the request took of the engine, for its report.
  package var work: RequestWork?

  package init(
    status: HTTPResponse.Status = .ok, contentType: String = "application/json", headers: HTTPFields = [:],
    bytes: [UInt8]
  ) {
    self.status = status
    self.headers = headers
    self.headers[.contentType] = contentType
    self.bytes = bytes
  }

  package init(status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], json: JSONValue) {
    var bytes: [UInt8] = []
    bytes.append(json: json)
    self.init(status: status, headers: headers, bytes: bytes)
  }

  package var response: Response {
    Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}

extension Answer {
  /// The same with the times and tokens of a request as headers; times in milliseconds, under the names that
  /// text-embeddings-inference gave them.
  package func with(_ timings: RequestTimings, tokens: Int) -> Answer {
    var answer = self
    let total = timings.tokenization + timings.queue + timings.inference
    for (name, value) in [
      ("x-compute-tokens", "\(tokens)"), ("x-total-time", total.milliseconds),
      ("x-tokenization-time", timings.tokenization.milliseconds),
      ("x-queue-time", timings.queue.milliseconds), ("x-inference-time", timings.inference.milliseconds),
    ] {
      if let name = HTTPField.Name(name) { answer.headers[name] = value }
    }
    return answer
  }
}

extension Duration {
  /// Whole milliseconds.
  fileprivate var milliseconds: String { "\(Int((self / .milliseconds(1)).rounded()))" }
}
