import Foundation
import Glibc
import Synchronization
import Testing

/// The built executable, run as a user runs it: in the repository, with the demonstration model.
struct Command {
  let status: Int32
  let wasSignalled: Bool
  let output: Data
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }
  var lines: [String] { text.split(separator: "\n").map(String.init) }

  /// Runs to the end.
  ///
  /// - Parameters:
  ///   - input: what comes through a pipe on standard input.
  ///   - environment: added to this process's, without the variables that change what the command does.
  static func run(
    _ arguments: String..., input: String? = nil, environment: [String: String] = [:]
  ) throws -> Command {
    try run(arguments, input: input.map { Data($0.utf8) }, environment: environment)
  }

  static func run(
    _ arguments: [String], input: Data? = nil, environment: [String: String] = [:]
  ) throws -> Command {
    let process = makeProcess(arguments, environment: environment)
    let output = Pipe()
    let errors = Pipe()
    let standardInput = Pipe()
    process.standardInput = input == nil ? FileHandle.nullDevice : standardInput
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    if let input {
      Thread.detachNewThread {
        try? standardInput.fileHandleForWriting.write(contentsOf: input)
        try? standardInput.fileHandleForWriting.close()
      }
    }
    let sentences = Mutex(Data())
    let errorsRead = DispatchGroup()
    DispatchQueue.global().async(group: errorsRead) {
      let data = errors.fileHandleForReading.readDataToEndOfFile()
      sentences.withLock { $0 = data }
    }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    errorsRead.wait()
    process.waitUntilExit()
    return Command(
      status: process.terminationStatus, wasSignalled: process.terminationReason == .uncaughtSignal,
      output: data, errors: sentences.withLock { String(decoding: $0, as: UTF8.self) })
  }

  /// A process that is ready to run, its standard streams still to be chosen.
  static func makeProcess(_ arguments: [String], environment: [String: String] = [:]) -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = repository
    var variables = ProcessInfo.processInfo.environment
    for name in ["TOUCHSTONE_MODEL", "TOUCHSTONE_RERANK_MODEL", "COLUMNS", "NO_COLOR"] {
      variables[name] = nil
    }
    process.environment = variables.merging(environment) { _, new in new }
    return process
  }

  /// SwiftPM puts the executable beside the test bundle.
  static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "touchstone")

  static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
}

extension Command {
  /// The lines of output, each parsed as JSON by Foundation, which is not the parser under test.
  func jsonLines() throws -> [NSDictionary] {
    try lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? NSDictionary) }
  }
}
