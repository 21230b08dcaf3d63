import Dispatch
import Foundation
import Glibc
import Synchronization
import Testing
import Touchstone
import TouchstoneServer

/// The whole service in this process, on a free port, with the demonstration model.
struct LiveService {
  let service: TouchstoneService
  let port: Int
  let report: StartReport

  /// The demonstration model, on a free port of this machine, with the names that it takes by default.
  static var configuration: ServiceConfiguration {
    var configuration = ServiceConfiguration(models: [
      ModelDefinition(name: "demo", path: TestService.demo)
    ])
    configuration.address = .tcp(host: "127.0.0.1", port: 0)
    configuration.operations.hosts = AllowedHosts([], listeningOn: configuration.address.host, hasKeys: false)
    configuration.settings.limits.shutdownTimeout = .seconds(5)
    return configuration
  }

  /// Runs `body` while the service serves.
  static func run(
    _ configuration: ServiceConfiguration = configuration, _ body: (LiveService) async throws -> Void
  ) async throws {
    let (reports, continuation) = AsyncStream.makeStream(of: StartReport.self)
    let service = TouchstoneService(configuration, onServing: { continuation.yield($0) })
    let running = Task {
      defer { continuation.finish() }
      try await service.run()
    }
    var iterator = reports.makeAsyncIterator()
    guard let report = await iterator.next() else { return try await running.value }
    let digits = report.url.split(separator: ":").last.map(String.init) ?? ""
    let live = LiveService(service: service, port: try #require(Int(digits)), report: report)
    do {
      try await body(live)
    } catch {
      await service.shutDown()
      throw error
    }
    await service.shutDown()
    try await running.value
  }

  /// Sends bytes on a connection of its own and reads until the service closes it. Where it is to stay open,
  /// reads until so many answers have begun, and for a second more, in which the service could close it.
  ///
  /// The limit of ten minutes is for a connection that stays open against the rules: on a busy machine, tests
  /// that compute may occupy every thread that the service needs for one of them.
  func exchange(_ text: String, answersThenOpen: Int? = nil) async throws -> RawAnswer {
    try await exchange(Array(text.utf8), answersThenOpen: answersThenOpen)
  }

  func exchange(_ bytes: [UInt8], answersThenOpen: Int? = nil) async throws -> RawAnswer {
    try await onThreadOfItsOwn {
      let socket = try RawSocket(port: port)
      socket.send(bytes)
      return socket.receive(answersThenOpen: answersThenOpen, seconds: 600)
    }
  }

  /// Sends bytes and resets the connection at once.
  func sendAndReset(_ bytes: [UInt8]) async throws {
    try await onThreadOfItsOwn {
      let socket = try RawSocket(port: port)
      socket.send(bytes)
      socket.reset()
    }
  }

  /// Blocking calls must not hold one of the threads that the service in this process needs.
  private func onThreadOfItsOwn<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue(label: "client").async { continuation.resume(with: Swift.Result { try body() }) }
    }
  }
}

/// All that came from the service.
struct RawAnswer: Sendable {
  let text: String
  /// Whether the service closed the connection, or at least its side of it.
  let isClosed: Bool

  /// Of each answer, in their order.
  var statuses: [Int] {
    text.matches(of: #/HTTP/1\.1 (\d{3}) /#).compactMap { Int($0.1) }
  }

  func contains(header: String) -> Bool { text.lowercased().contains("\r\n\(header.lowercased())\r\n") }
}

/// A connection that says exactly what it is told to.
private final class RawSocket {
  private let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(status == 0)
  }

  deinit { close(descriptor) }

  func send(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// Has the close that follows tell the other side nothing but that the connection is gone (RST).
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  func receive(answersThenOpen: Int?, seconds: Int) -> RawAnswer {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    setTimeout(seconds: seconds)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      let answer = RawAnswer(
        text: String(decoding: received + buffer[..<max(count, 0)], as: UTF8.self), isClosed: count == 0)
      guard count > 0 else { return answer }
      received += buffer[..<count]
      if let answersThenOpen, answer.statuses.count >= answersThenOpen { setTimeout(seconds: 1) }
    }
  }

  private func setTimeout(seconds: Int) {
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }
}

/// The errors of all requests.
final class SeenErrors: ServiceObserver {
  private let list = Mutex<[ServiceError]>([])

  var errors: [ServiceError] { list.withLock(\.self) }

  func record(_ event: ServiceEvent) {
    if case .requestFinished(let report) = event, let error = report.error {
      list.withLock { $0.append(error) }
    }
  }
}
