import HTTPTypes
import NIOCore
import NIOHTTP1

/// Looks at each request as HTTP/1 has it, before it becomes a value without a version and with one `Host`.
///
/// Requests that the standard forbids, or whose framing the service does not know, are marked: the answer is
/// given further in, in turn and in the client's dialect, and the connection ends behind it. What comes from
/// the client is made ASCII here, since everything further in, the libraries too, compares it as `String`:
/// for a long run of combining marks that takes quadratic time.
final class RequestGate: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// Why a request is refused before anybody reads it.
  enum Refusal: String {
    case noHost = "no-host"
    case severalHosts = "several-hosts"
    case transferCoding = "transfer-coding"

    var error: ServiceError {
      switch self {
      case .noHost: .malformed("the request has no Host header, which HTTP/1.1 requires")
      case .severalHosts: .malformed("the request has more than one Host header; send one")
      case .transferCoding:
        .unsupportedTransfer(
          "the transfer coding of the request is not known here; send a body with Content-Length, or with "
            + "Transfer-Encoding: chunked")
      }
    }
  }

  /// What the answers to requests that were read say of the connection, in their order.
  private var connections = CircularBuffer<Connection>()

  private enum Connection {
    /// Nothing: it stays open, as in HTTP/1.1.
    case open
    /// A client of HTTP/1.0 asked for it to stay open.
    case keptAlive
    case closing
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(let head) = unwrapInboundIn(data) else {
      context.fireChannelRead(data)
      return
    }
    let (checked, connection) = Self.checked(head)
    connections.append(connection)
    context.fireChannelRead(wrapInboundOut(.head(checked)))
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .head(var head) = unwrapOutboundIn(data), !(100..<200).contains(head.status.code),
      let connection = connections.popFirst()
    else {
      context.write(data, promise: promise)
      return
    }
    switch connection {
    case .open: break
    case .keptAlive:
      if !head.headers.contains(name: "connection") {
        head.headers.add(name: "connection", value: "keep-alive")
      }
    case .closing: head.headers.replaceOrAdd(name: "connection", value: "close")
    }
    context.write(wrapOutboundOut(.head(head)), promise: promise)
  }

  private static func checked(_ head: HTTPRequestHead) -> (HTTPRequestHead, Connection) {
    var headers = HTTPHeaders()
    headers.reserveCapacity(head.headers.count + 2)
    var hosts = 0
    var codings: [String] = []
    var wishes: [Substring.UTF8View] = []
    for (name, given) in head.headers {
      let value = given.onlyASCII
      let name = name.onlyASCII
      switch name.lowercased() {
      case HTTPField.Name.refusal.canonicalName: continue
      case "connection":
        wishes += value.utf8.split { $0 == UInt8(ascii: ",") || $0 == 0x20 || $0 == 0x09 }
        continue
      case "host": hosts += 1
      case "transfer-encoding": codings.append(value)
      default: break
      }
      headers.add(name: name, value: value)
    }
    let isOld = head.version == .http1_0 || head.version == .http0_9
    var refusal: Refusal?
    if hosts > 1 { refusal = .severalHosts }
    if hosts == 0, !isOld { refusal = .noHost }
    if !codings.isEmpty, codings.count > 1 || !codings[0].utf8.isASCIIWord("chunked") {
      refusal = .transferCoding
    }
    if let refusal { headers.add(name: HTTPField.Name.refusal.rawName, value: refusal.rawValue) }
    let asksToStay = wishes.contains { $0.isASCIIWord("keep-alive") }
    let connection: Connection =
      if refusal != nil || wishes.contains(where: { $0.isASCIIWord("close") }) {
        .closing
      } else if isOld {
        asksToStay ? .keptAlive : .closing
      } else {
        .open
      }
    // What the server underneath looks for.
    if connection == .closing { headers.add(name: "connection", value: "close") }
    var checked = HTTPRequestHead(
      version: head.version, method: head.method, uri: head.uri.percentEncodedToASCII)
    checked.headers = headers
    return (checked, connection)
  }
}

extension HTTPField.Name {
  /// The gate's own mark. What a client sends under this name goes no further than the gate.
  static let refusal = HTTPField.Name("x-touchstone-refusal").unsafelyUnwrapped
}

extension String {
  /// The text with a question mark for each byte that is not ASCII.
  fileprivate var onlyASCII: String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return self }
    return String(decoding: utf8.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }

  /// The text with `%C3` and its like for bytes that are not ASCII, as a URI must have them.
  fileprivate var percentEncodedToASCII: String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return self }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * utf8.count)
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in utf8 {
      if byte < 0x80 {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
