import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// Reads bodies within a bound of bytes.
struct RequestBodyReader {
  let limit: Int

  /// The JSON value of a request's body.
  func json(of request: Request, _ context: ServiceRequestContext) async throws -> JSONValue {
    let bytes = try await bytes(of: request, context)
    do {
      return try JSONParser.parse(bytes)
    } catch {
      throw ServiceError.malformed("the body is not JSON: at byte \(error.offset), \(error.reason)")
    }
  }

  func bytes(of request: Request, _ context: ServiceRequestContext) async throws -> [UInt8] {
    if let announced = request.headers[.contentLength].flatMap(Int.init), announced > limit {
      throw ServiceError.bodyTooLarge(limit: limit)
    }
    var bytes: [UInt8] = []
    for try await part in request.body {
      guard bytes.count + part.readableBytes <= limit else { throw ServiceError.bodyTooLarge(limit: limit) }
      bytes.append(contentsOf: part.readableBytesView)
    }
    let count = bytes.count
    context.facts.update { $0.bytesIn = count }
    return bytes
  }
}
