import Foundation
import Synchronization
import Testing

/// `touchstone serve`, on a free port of this machine.
final class ServeProcess {
  let process: Process
  let port: Int
  private let log: ServiceLog

  /// Starts the service and waits until it says that it listens.
  init(_ arguments: String..., environment: [String: String] = [:]) throws {
    process = Command.makeProcess(["serve", "--port", "0"] + arguments, environment: environment)
    let pipe = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = pipe
    try process.run()
    let errors = pipe.fileHandleForReading
    var text = ""
    var port: Int?
    while port == nil, let byte = try errors.read(upToCount: 1), !byte.isEmpty {
      text += String(decoding: byte, as: UTF8.self)
      port = text.firstMatch(of: /listening on https?:\/\/127\.0\.0\.1:(\d+)["\n]/).flatMap { Int($0.1) }
    }
    self.port = try #require(port, "the service says \(text)")
    log = ServiceLog(text)
    log.read(errors)
  }

  /// What the service has said so far.
  var logged: String { log.text }

  /// Waits until the service has said `text`.
  func waitForLog(_ text: String) throws {
    try waitUntil("the log says '\(text)'") { logged.contains(text) }
  }

  /// Waits until the models have been loaded.
  func waitUntilReady() throws {
    try waitUntil("the service is ready") { try HTTPConnection(port: port).get("/ready").status == 200 }
  }

  /// Waits until `/ready` says `text`: `"jobs":0`.
  func waitForLoad(_ text: String) throws {
    let probe = try HTTPConnection(port: port)
    try waitUntil("/ready says \(text)") { try probe.get("/ready").body.contains(text) }
  }

  /// Ends the service, and waits for it and for all that it says.
  func end() -> (status: Int32, wasSignalled: Bool) {
    process.terminate()
    return waitForEnd()
  }

  /// A service that has not ended after five minutes is killed, which the result tells.
  func waitForEnd() -> (status: Int32, wasSignalled: Bool) {
    let process = process
    try? waitUntil("the service has ended") { !process.isRunning }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    log.waitForEnd()
    return (process.terminationStatus, process.terminationReason == .uncaughtSignal)
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }
}

/// What a process says, read while it runs, so that it never waits for its reader.
final class ServiceLog: Sendable {
  private let content: Mutex<Data>
  private let isRead = DispatchGroup()

  /// - Parameter beginning: what has been read already.
  init(_ beginning: String) { content = Mutex(Data(beginning.utf8)) }

  var text: String { content.withLock { String(decoding: $0, as: UTF8.self) } }

  func read(_ handle: FileHandle) {
    DispatchQueue.global().async(group: isRead) {
      while case let part = handle.availableData, !part.isEmpty { self.content.withLock { $0.append(part) } }
    }
  }

  func waitForEnd() { isRead.wait() }
}
