import Foundation
import Testing

/// `touchstone serve`, on a free port of this machine.
final class ServeProcess {
  let process: Process
  let port: Int
  private let errors: FileHandle

  /// Starts the service and waits until it says that it listens.
  init(_ arguments: String...) throws {
    process = Command.makeProcess(["serve", "--port", "0"] + arguments)
    let pipe = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = pipe
    try process.run()
    errors = pipe.fileHandleForReading
    var text = ""
    var port: Int?
    while port == nil, let byte = try errors.read(upToCount: 1), !byte.isEmpty {
      text += String(decoding: byte, as: UTF8.self)
      port = text.firstMatch(of: /listening on http:\/\/127\.0\.0\.1:(\d+)\n/).flatMap { Int($0.1) }
    }
    self.port = try #require(port, "the service says \(text)")
  }

  /// Waits until the models have been loaded.
  func waitUntilReady() throws {
    while try HTTPConnection(port: port).get("/ready").status != 200 { usleep(10_000) }
  }

  /// Ends the service, and waits for it.
  func end() -> (status: Int32, wasSignalled: Bool) {
    process.terminate()
    return waitForEnd()
  }

  func waitForEnd() -> (status: Int32, wasSignalled: Bool) {
    process.waitUntilExit()
    return (process.terminationStatus, process.terminationReason == .uncaughtSignal)
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }
}
