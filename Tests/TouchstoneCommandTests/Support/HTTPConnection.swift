import Foundation
import Glibc

/// A connection to a service on this machine that says exactly what it is told to.
final class HTTPConnection {
  struct Closed: Error {}

  private let socket: Int32
  private var received = Data()

  /// - Parameter receiveBuffer: bytes that the system keeps for a client that does not read; nil: as it
  ///   likes.
  init(port: Int, receiveBuffer: Int32? = nil) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var size = receiveBuffer {
      setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
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
    setReadTimeout(seconds: 300)
  }

  deinit { Glibc.close(socket) }

  /// Waits no longer than this for bytes.
  func setReadTimeout(seconds: Int) {
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Says that nothing more will be sent: half of the connection is closed.
  func finishSending() { shutdown(socket, Int32(SHUT_WR)) }

  /// Has the end of this connection tell the other side nothing but that it is gone (RST).
  func resetAtEnd() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
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
    let head = try receiveHead()
    let length = head.firstMatch(of: /(?i)content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
    while received.count < length { try readMore() }
    let body = String(decoding: received[..<length], as: UTF8.self)
    received = Data(received[length...])
    let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return (status ?? 0, body)
  }

  /// Reads the lines before the body of an answer.
  func receiveHead() throws -> String {
    let end = Data("\r\n\r\n".utf8)
    while true {
      if let headEnd = received.range(of: end) {
        let head = String(decoding: received[..<headEnd.lowerBound], as: UTF8.self)
        received = Data(received[headEnd.upperBound...])
        return head
      }
      try readMore()
    }
  }

  /// Whether the other side has closed the connection; waits for it.
  func isClosedByPeer() -> Bool {
    do {
      while true { try readMore() }
    } catch {
      return errno != EAGAIN
    }
  }

  private func readMore() throws {
    var buffer = [UInt8](repeating: 0, count: 65536)
    errno = 0
    let count = recv(socket, &buffer, buffer.count, 0)
    guard count > 0 else { throw Closed() }
    received.append(contentsOf: buffer[..<count])
  }
}
