import AsyncHTTPClient
import ForeignText
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Requests to a hub and to the storages that it redirects to.
struct HubConnection: Sendable {
  let hub: ModelHub

  static let mostRedirections = 5
  /// A list of files with more bytes is none.
  static let largestListing = 16 << 20

  /// The answer after all redirections; its status says success. A hub's own redirection to a storage, with
  /// the facts of the file, is the answer to HEAD.
  ///
  /// - Parameter firstByte: where the wanted part of the file begins.
  func open(
    _ address: String, _ method: HTTPMethod, from firstByte: Int = 0
  ) async throws(DownloadError) -> HTTPClientResponse {
    var address = address
    for _ in 0...Self.mostRedirections {
      let response = try await send(address, method, from: firstByte)
      let status = Int(response.status.code)
      guard (300..<400).contains(status) else {
        guard response.status.code / 100 == 2 else { throw .status(status, url: Self.shown(address)) }
        return response
      }
      let isAnnouncement =
        response.headers.contains(name: "x-linked-etag")
        || response.headers.contains(name: "x-linked-size")
      if method == .HEAD, isAnnouncement { return response }
      address = try Self.target(of: response, at: address)
    }
    throw .malformed(
      url: Self.shown(address), reason: "was reached by more than \(Self.mostRedirections) redirections")
  }

  /// The whole body of a short answer.
  func body(_ address: String) async throws(DownloadError) -> [UInt8] {
    let response = try await open(address, .GET)
    do {
      return Array(try await response.body.collect(upTo: Self.largestListing).readableBytesView)
    } catch { throw Self.explain(error, address) }
  }

  private func send(
    _ address: String, _ method: HTTPMethod, from firstByte: Int
  ) async throws(DownloadError) -> HTTPClientResponse {
    var request = HTTPClientRequest(url: address)
    request.method = method
    request.headers.add(name: "user-agent", value: "touchstone")
    request.headers.add(name: "accept-encoding", value: "identity")
    if firstByte > 0 { request.headers.add(name: "range", value: "bytes=\(firstByte)-") }
    if let token = hub.token, Self.origin(of: address) == Self.origin(of: hub.endpoint) {
      request.headers.add(name: "authorization", value: "Bearer \(token)")
    }
    do {
      return try await Self.client.execute(request, deadline: .distantFuture)
    } catch { throw Self.explain(error, address) }
  }

  private static func target(
    of response: HTTPClientResponse, at address: String
  ) throws(DownloadError) -> String {
    guard let location = response.headers.first(name: "location"), let base = URL(string: address),
      let url = URL(string: location, relativeTo: base)?.absoluteURL,
      let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme)
    else { throw .malformed(url: shown(address), reason: "redirects to nowhere") }
    if base.scheme?.lowercased() == "https", scheme != "https" {
      throw .malformed(url: shown(address), reason: "redirects from https to http")
    }
    return url.absoluteString
  }

  /// Scheme, host and port.
  private static func origin(of address: String) -> String {
    guard let url = URL(string: address) else { return "" }
    return "\(url.scheme ?? "")://\(url.host ?? ""):\(url.port ?? -1)".lowercased()
  }

  /// The address without its query, which on a storage holds a signature.
  static func shown(_ address: String) -> String {
    String(address.prefix { $0 != "?" && $0 != "#" })
  }

  /// One for the life of the process. An answer that stops coming for a minute is an error.
  private static let client: HTTPClient = {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout = .init(connect: .seconds(20), read: .seconds(60))
    configuration.httpVersion = .http1Only
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()
}

// MARK: Sentences

extension HubConnection {
  static func explain(_ error: any Error, _ address: String) -> DownloadError {
    if let error = error as? DownloadError { return error }
    if error is CancellationError || error as? HTTPClientError == .cancelled { return .cancelled }
    let host = URL(string: address)?.host ?? shown(address)
    return .unreachable(host: host, reason: reason(error, address))
  }

  private static func reason(_ error: any Error, _ address: String) -> String {
    switch error {
    case let error as NIOConnectionError:
      if error.connectionErrors.isEmpty {
        return "no address is known for this name; is the machine connected?"
      }
      return (error.connectionErrors.first?.error as? IOError).map(reason) ?? "no connection"
    case let error as IOError: return reason(error)
    case let error as HTTPClientError:
      switch error {
      case .connectTimeout: return "no answer to the attempt to connect; is the machine connected?"
      case .readTimeout, .deadlineExceeded: return "it sent nothing for a minute"
      case .remoteConnectionClosed, .uncleanShutdown: return "it closed the connection before the end"
      case .invalidURL, .emptyHost, .emptyScheme: return "'\(shown(address).escaped)' is no address"
      default: return "\(error)".escaped
      }
    case is NIOSSLError, is NIOSSLExtraError:
      let words = "\(error)"
      return words.contains("CERTIFICATE_VERIFY_FAILED")
        ? "no authority known here signed its certificate; install ca-certificates"
        : "the TLS handshake failed: \(words.prefix(200).escaped)"
    case is HTTPParserError: return "it does not speak HTTP, or closed the connection before the end"
    case is NIOTooManyBytesError: return "its answer is too large"
    default: return "\("\(error)".prefix(200))".escaped
    }
  }

  private static func reason(_ error: IOError) -> String {
    switch error.errnoCode {
    case ECONNREFUSED: "the connection was refused"
    case ECONNRESET, EPIPE: "it closed the connection before the end"
    case EHOSTUNREACH, ENETUNREACH: "there is no way to this host; is the machine connected?"
    default: String(cString: strerror(error.errnoCode))
    }
  }
}
