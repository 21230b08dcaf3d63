import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// Reads bodies within a bound of bytes.
struct RequestBodyReader {
  let limits: Limits
  let memory: MemoryBudget

  /// The JSON value of a request's body.
  func json(of request: Request, _ context: ServiceRequestContext) async throws -> JSONValue {
    let bytes = try await bytes(of: request, context)
    do {
      return try JSONParser.parse(bytes, maximumValues: maximumValues)
    } catch let error where error.isTooManyValues {
      throw ServiceError.tooMany("the body has more than \(maximumValues) values; send several requests")
    } catch {
      throw ServiceError.malformed("the body is not JSON: at byte \(error.offset), \(error.reason)")
    }
  }

  /// Ids of tokens are values, each a thousandth of what it takes to compute it; a body of nothing but values is refused
  /// before it fills the memory.
  private var maximumValues: Int { limits.tokensPerRequest + limits.inputsPerRequest + 1024 }

  func bytes(of request: Request, _ context: ServiceRequestContext) async throws -> [UInt8] {
    let limit = limits.bodyBytes
    let reservation = memory.reservation()
    context.facts.update { $0.memory = reservation }
    if let announced = request.headers[.contentLength].flatMap(Int.init), announced > limit {
      throw ServiceError.bodyTooLarge(limit: limit)
    }
    if request.headers[.expect] != nil {
      context.channel.triggerUserOutboundEvent(ConnectionWatch.BodyWanted(), promise: nil)
    }
    var bytes: [UInt8] = []
    for try await part in request.body {
      guard bytes.count + part.readableBytes <= limit else { throw ServiceError.bodyTooLarge(limit: limit) }
      try reservation.grow(by: 4 * part.readableBytes)
      bytes.append(contentsOf: part.readableBytesView)
    }
    let count = bytes.count
    context.facts.update { $0.bytesIn = count }
    return bytes
  }
}
