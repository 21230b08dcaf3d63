import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// Reads bodies within a bound of bytes and of memory.
struct RequestBodyReader {
  let limits: Limits

  /// The bytes of a request's body.
  ///
  /// - Parameters:
  ///   - most: the limit of this route. nil: the service's.
  ///   - copies: how many times the memory is counted, for what is made of the bytes.
  func bytes(
    of request: Request, _ context: ServiceRequestContext, most: Int? = nil, copies: Int = 4
  ) async throws -> [UInt8] {
    let limit = most ?? limits.bodyBytes
    try checkEncoding(request.headers)
    if let announced = request.headers[.contentLength].flatMap(Int.init), announced > limit {
      throw ServiceError.bodyTooLarge(limit: limit)
    }
    if request.headers[.expect] != nil {
      context.channel.triggerUserOutboundEvent(ConnectionWatch.BodyWanted(), promise: nil)
    }
    var bytes: [UInt8] = []
    for try await part in request.body {
      guard bytes.count + part.readableBytes <= limit else { throw ServiceError.bodyTooLarge(limit: limit) }
      try context.memory?.grow(by: copies * part.readableBytes)
      bytes.append(contentsOf: part.readableBytesView)
    }
    return bytes
  }

  /// The JSON value of a body. Not for the threads that answer: it takes as long as its length.
  func json(_ bytes: [UInt8], _ context: ServiceRequestContext) throws -> JSONValue {
    let separators = bytes.count { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")
    }
    // What values take beside their text.
    try context.memory?.grow(by: Self.bytesOfValue * min(separators, maximumValues))
    do {
      return try JSONParser.parse(
        Self.withoutMark(bytes), maximumValues: maximumValues, unpairedSurrogates: .keep)
    } catch let error where error.isTooManyValues {
      throw ServiceError.tooMany("the body has more than \(maximumValues) values; send several requests")
    } catch {
      throw ServiceError.malformed("the body is not JSON: at byte \(error.offset), \(error.reason)")
    }
  }

  /// A value in an array, a share of the growing array, and headers of objects.
  private static let bytesOfValue = 96

  /// Ids of tokens are values, each a thousandth of what it takes to compute it; a body of nothing but values
  /// is refused before it fills the memory.
  private var maximumValues: Int { limits.tokensPerRequest + limits.inputsPerRequest + 1024 }

  /// Some programs put a byte order mark before their JSON, which a reader may skip (RFC 8259, section 8.1).
  private static func withoutMark(_ bytes: [UInt8]) -> [UInt8] {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
  }

  private func checkEncoding(_ headers: HTTPFields) throws(ServiceError) {
    guard let encoding = headers[.contentEncoding], !encoding.utf8.isASCIIWord("identity"), !encoding.isEmpty
    else { return }
    throw .unsupportedEncoding(
      "the body is encoded (Content-Encoding), and this service reads plain JSON only; send it uncompressed")
  }
}
