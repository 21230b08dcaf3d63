import Dispatch
import JSON
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// MCP over two streams: a message a line. Requests are answered as they are done, so that a slow search
/// holds up none behind it, and can be canceled.
package struct MCPStream: Sendable {
  private let server: MCPServer
  private let input: Int32
  private let output: Int32

  static let lineLimit = 4 << 20

  package init(_ server: MCPServer, input: Int32 = 0, output: Int32 = 1) {
    self.server = server
    self.input = input
    self.output = output
  }

  /// Returns when the input has ended and everything is answered.
  package func run() async {
    let requests = Requests()
    let (lines, continuation) = AsyncStream.makeStream(of: [UInt8]?.self)
    let source = input
    DispatchQueue(label: "touchstone.mcp").async { Self.read(source, continuation) }
    let out = Output(descriptor: output)
    await withTaskGroup { group in
      for await line in lines {
        guard let line else {
          out.write(Self.failure("a message has more than \(Self.lineLimit) bytes"))
          continue
        }
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
        guard let message = try? JSONParser.parse(line) else {
          out.write(Self.failure("the line is not JSON"))
          continue
        }
        if message["method"] == .string("notifications/cancelled"), let id = message["params"]?["requestId"] {
          requests.tasks.withLock { $0.removeValue(forKey: Self.key(id)) }?.cancel()
          continue
        }
        let key = message["id"].map(Self.key)
        let task = Task {
          let reply = await server.answer(message, caller: nil)
          // Nothing is said to a request that was canceled.
          if let reply, !Task.isCancelled { out.write(reply) }
        }
        if let key { requests.tasks.withLock { $0[key] = task } }
        group.addTask {
          await task.value
          if let key { requests.tasks.withLock { $0[key] = nil } }
        }
      }
      await group.waitForAll()
    }
  }

  private static func key(_ id: JSONValue) -> String {
    var bytes: [UInt8] = []
    bytes.append(json: id)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func failure(_ sentence: String) -> JSONValue {
    .object([
      .init("jsonrpc", .string("2.0")), .init("id", .null),
      .init(
        "error", .object([.init("code", .number(-32700)), .init("message", .string(sentence))])),
    ])
  }

  /// Lines; nil for one that is too long.
  private static func read(_ input: Int32, _ continuation: AsyncStream<[UInt8]?>.Continuation) {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    var line: [UInt8] = []
    var isTooLong = false
    while true {
      let count = Glibc.read(input, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      for byte in buffer[..<count] {
        if byte == 0x0A {
          continuation.yield(isTooLong ? nil : line)
          (line, isTooLong) = ([], false)
        } else if line.count == lineLimit {
          isTooLong = true
        } else {
          line.append(byte)
        }
      }
    }
    if !line.isEmpty { continuation.yield(isTooLong ? nil : line) }
    continuation.finish()
  }
}

private final class Requests: Sendable {
  let tasks = Mutex<[String: Task<Void, Never>]>([:])
}

/// Whole lines, one after another.
private final class Output: Sendable {
  private let descriptor: Mutex<Int32>

  init(descriptor: Int32) { self.descriptor = Mutex(descriptor) }

  func write(_ message: JSONValue) {
    var bytes: [UInt8] = []
    bytes.append(json: message)
    bytes.append(0x0A)
    descriptor.withLock { descriptor in
      var written = 0
      while written < bytes.count {
        let count = bytes.withUnsafeBytes {
          Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
        }
        if count < 0, errno == EINTR { continue }
        // Nobody reads any more; the input ends as well.
        guard count > 0 else { return }
        written += count
      }
    }
  }
}
