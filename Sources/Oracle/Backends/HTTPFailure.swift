import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The sentences about a server that cannot be talked to.
enum HTTPFailure {
  static func explain(_ error: any Error, base: String, timeoutSeconds: Int) -> BackendError {
    switch error {
    case is CancellationError: return .cancelled
    case let error as HTTPClientError: return explain(error, base: base, timeoutSeconds: timeoutSeconds)
    case let error as NIOConnectionError:
      return .unreachable(explain(error, base: base))
    case let error as NIOSSLError:
      return .unreachable(explain(error, base: base))
    case is NIOSSLExtraError:
      return .unreachable("\(base) has a certificate for another name")
    case let error as HTTPParserError where error == .invalidEOFState:
      return .unreachable("\(base) closed the connection before its answer was complete")
    case is HTTPParserError:
      return .unreachable("the server at \(base) does not speak HTTP (if it speaks HTTPS, write https://)")
    case is NIOTooManyBytesError:
      return .malformed("the answer is larger than \(HTTPExchange.largestAnswer >> 20) MiB")
    case let error as IOError:
      return .unreachable(explain(error, base: base))
    default:
      return .unreachable("\(base) cannot be asked: \("\(error)".printable())")
    }
  }

  private static func explain(_ error: HTTPClientError, base: String, timeoutSeconds: Int) -> BackendError {
    switch error {
    case .cancelled: .cancelled
    case .connectTimeout:
      .unreachable("\(base) cannot be reached: no answer to the attempt to connect within 10 seconds")
    case .deadlineExceeded, .readTimeout:
      .late(
        "\(base) has not answered within \(timeoutSeconds) seconds; raise --timeout, or look for the cause on the server"
      )
    case .tlsHandshakeTimeout:
      .unreachable("\(base) does not answer the TLS handshake: does it speak HTTPS? Try http://")
    case .remoteConnectionClosed, .uncleanShutdown:
      .unreachable("\(base) closed the connection before its answer was complete")
    case .invalidURL, .emptyHost: .unreachable("\(base) is no address of a web server")
    default: .unreachable("\(base) cannot be asked: \("\(error)".printable())")
    }
  }

  private static func explain(_ error: NIOConnectionError, base: String) -> String {
    if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil {
      return "\(base) cannot be reached: no address is known for the host name '\(error.host)'"
    }
    let reasons = error.connectionErrors.map { failure in
      (failure.error as? IOError).map(reason) ?? "\(failure.error)".printable()
    }
    return
      "\(base) cannot be reached: \(reasons.first ?? "no connection"); is the server running, and on this port?"
  }

  private static func explain(_ error: NIOSSLError, base: String) -> String {
    guard case .handshakeFailed(let cause) = error else {
      return "\(base) has a TLS certificate that cannot be checked: \(error)"
    }
    let words = "\(cause)"
    if words.contains("CERTIFICATE_VERIFY_FAILED") {
      return
        "\(base) has a TLS certificate that no authority known here has signed; name a file "
        + "with it, or with the certificate itself, by --ca-file"
    }
    if words.contains("WRONG_VERSION_NUMBER") || words.contains("HTTP_REQUEST") {
      return "the server at \(base) does not speak HTTPS; try http://"
    }
    return "the TLS handshake with \(base) failed: \(words.printable())"
  }

  private static func explain(_ error: IOError, base: String) -> String {
    switch error.errnoCode {
    case ECONNRESET, EPIPE: "\(base) closed the connection before its answer was complete"
    default: "\(base) cannot be reached: \(reason(error)); is the server running, and on this port?"
    }
  }

  /// Without the name of the system call.
  private static func reason(_ error: IOError) -> String {
    switch error.errnoCode {
    case ECONNREFUSED: "the connection was refused"
    case EHOSTUNREACH, ENETUNREACH: "there is no way to this host"
    default: error.description.printable()
    }
  }
}

extension HTTPReply {
  /// What a status that says error means, with the server's own words where it has some.
  func failure(path: String, hasKey: Bool) -> BackendError {
    let said = serverMessage.map { ": \($0)" } ?? ""
    let meaning: String
    switch status {
    case 300..<400:
      let target = location.map { " to \($0.printable())" } ?? ""
      meaning = "it redirects\(target); give that address"
    case 401, 403:
      meaning =
        hasKey
        ? "it does not take this API key\(said)" : "it wants an API key; pass one with --api-key\(said)"
    case 404: meaning = "there is nothing at \(path), or no such model\(said)"
    case 405: meaning = "\(path) does not take such requests\(said)"
    case 413: meaning = "the input is too large\(said)"
    case 429: meaning = "it is overloaded, after \(ServerDialect.plural(attempts, "attempt"))\(said)"
    case 500..<600: meaning = "the server failed\(said)"
    default: meaning = "it refuses the request\(said)"
    }
    return .status(status, meaning)
  }

  /// The `message` or `error` of a JSON answer, on one line and not for ever. FastAPI's `detail` is a
  /// sentence, or a list of objects with the place, `loc`, and a sentence, `msg`.
  var serverMessage: String? {
    guard body.count <= Self.longestErrorBody,
      let value = try? JSONParser.parse(body, maximumValues: Self.mostErrorValues)
    else { return nil }
    let candidates = [value["error"]?["message"], value["message"], value["error"], value["detail"]]
    for candidate in candidates {
      switch candidate {
      case .string(let text)? where !text.isEmpty: return text.printable()
      case .array(let details)?:
        let sentences = details.prefix(3).compactMap(Self.sentence)
        if !sentences.isEmpty { return sentences.joined(separator: "; ").printable() }
      default: continue
      }
    }
    return nil
  }

  private static func sentence(_ detail: JSONValue) -> String? {
    guard case .string(let message)? = detail["msg"] else {
      if case .string(let text) = detail { return text }
      return nil
    }
    guard case .array(let place)? = detail["loc"] else { return message }
    let names = place.prefix(8).compactMap { part in
      switch part {
      case .string(let text), .number(let text): text.printable(limit: 40)
      default: nil
      }
    }
    return "\(names.joined(separator: ".")): \(message)"
  }

  /// An error with more than that is no sentence.
  private static let longestErrorBody = 1 << 20
  private static let mostErrorValues = 10_000
}
