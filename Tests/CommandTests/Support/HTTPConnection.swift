import Foundation
import Glibc

/// A connection to a service on this machine that says exactly what it is told to.
final class HTTPConnection {
  struct Closed: Error {}

  private let socket: Int32
  private var received = Data()

  init(port: Int) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw Closed() }
  }

  deinit { Glibc.close(socket) }

  /// Waits no longer than this for bytes.
  func setReadTimeout(seconds: Int) {
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  func send(_ text: String) throws {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Closed() }
      bytes = bytes.dropFirst(count)
    }
  }

  func get(_ path: String) throws -> (status: Int, body: String) {
    try send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return try receive()
  }

  func post(_ path: String, _ json: String) throws {
    try send(
      "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)")
  }

  /// Reads one whole answer.
  func receive() throws -> (status: Int, body: String) {
    let end = Data("\r\n\r\n".utf8)
    while received.range(of: end) == nil { try readMore() }
    guard let headEnd = received.range(of: end) else { throw Closed() }
    let head = String(decoding: received[..<headEnd.lowerBound], as: UTF8.self)
    let length = head.firstMatch(of: /(?i)content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
    let bodyEnd = headEnd.upperBound + length
    while received.count < bodyEnd { try readMore() }
    let body = String(decoding: received[headEnd.upperBound..<bodyEnd], as: UTF8.self)
    received = Data(received[bodyEnd...])
    let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return (status ?? 0, body)
  }

  private func readMore() throws {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(socket, &buffer, buffer.count, 0)
    guard count > 0 else { throw Closed() }
    received.append(contentsOf: buffer[..<count])
  }
}
