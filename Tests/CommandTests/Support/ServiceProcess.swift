import Foundation
import Glibc
import Synchronization

/// `touchstone serve` as a user runs it, on a free port. It ends with the value, at the latest.
final class ServiceProcess {
  let port: Int
  private let process: Process
  private let log = Mutex(Data())
  private let isLogRead = DispatchGroup()

  struct NoService: Error { let log: String }

  /// Starts the service and waits until it listens.
  init(_ arguments: String..., environment: [String: String] = [:]) throws {
    process = Command.makeProcess(["serve", "--port", "0"] + arguments, environment: environment)
    let errors = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    var said = Data()
    var found: Int?
    while found == nil {
      let part = errors.fileHandleForReading.availableData
      guard !part.isEmpty else { throw NoService(log: String(decoding: said, as: UTF8.self)) }
      said.append(part)
      let match = String(decoding: said, as: UTF8.self).firstMatch(
        of: /listening on https?:\/\/127\.0\.0\.1:(\d+)\D/)
      found = match.flatMap { Int($0.1) }
    }
    port = found ?? 0
    let start = said
    log.withLock { $0 = start }
    DispatchQueue.global().async(group: isLogRead) { [log] in
      while case let part = errors.fileHandleForReading.availableData, !part.isEmpty {
        log.withLock { $0.append(part) }
      }
    }
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// What the service has logged so far.
  var logged: String { log.withLock { String(decoding: $0, as: UTF8.self) } }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Waits until the log has `text`, for ten seconds at most.
  func waitForLog(_ text: String) -> Bool {
    for _ in 0..<1000 {
      if logged.contains(text) { return true }
      usleep(10_000)
    }
    return false
  }

  /// Asks the service to end, and returns its exit status and its whole log.
  func end() -> (status: Int32, log: String) {
    signal(SIGTERM)
    process.waitUntilExit()
    isLogRead.wait()
    return (process.terminationStatus, logged)
  }

  /// Sends a request on a connection of its own and returns the whole answer.
  func ask(_ method: String, _ path: String, headers: [String] = [], body: String = "") -> String {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let isConnected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard isConnected == 0 else { return "cannot connect" }
    let lines =
      [
        "\(method) \(path) HTTP/1.1", "Host: localhost", "Connection: close",
        "Content-Length: \(body.utf8.count)",
      ]
      + headers
    let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    guard write(descriptor, request, request.count) == request.count else { return "cannot write" }
    var answer: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = read(descriptor, &part, part.count), count > 0 { answer += part[..<count] }
    return String(decoding: answer, as: UTF8.self)
  }
}
