import Foundation
import Logging
import Synchronization
import Testing
import TouchstoneServer

@Suite struct LogTests {
  /// What a logger writes, as text.
  private func written(_ format: LogFormat, _ use: (Logger) -> Void) -> String {
    let pipe = Pipe()
    let writer = LogWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor)
    use(.service(level: .debug, format: format, writer: writer))
    writer.flush(seconds: 120)
    try? pipe.fileHandleForWriting.close()
    return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }

  @Test func jsonLinesAreJSON() throws {
    let text = written(.json) { logger in
      logger.info(
        "a \"message\"\n",
        metadata: ["status": .stringConvertible(200), "client": "é\u{1B}[31m", "ms": .stringConvertible(1.5)])
      logger.trace("not wanted")
    }
    let line = try #require(text.split(separator: "\n").first)
    #expect(text.split(separator: "\n").count == 1)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["message"] as? String == "a \"message\"\n")
    #expect(object["level"] as? String == "info")
    #expect(object["status"] as? Int == 200)
    #expect(object["ms"] as? Double == 1.5)
    #expect(object["client"] as? String == "é\u{1B}[31m")
    #expect((object["time"] as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
  }

  @Test func nobodyWritesALineOfTheirOwn() {
    let text = written(.text) { logger in
      logger.warning("first\nsecond \u{1B}[2J", metadata: ["b": "two words", "a": "x\ny", "c": "plain"])
    }
    #expect(text.split(separator: "\n").count == 1)
    #expect(text.hasSuffix(" warning first\\u{a}second \\u{1b}[2J a=\"x\\ny\" b=\"two words\" c=plain\n"))
  }

  @Test func requestsLeaveOneLineWithoutTheirTexts() {
    let text = written(.text) { logger in
      let log = AccessLog(logger)
      log.record(
        .requestFinished(
          RequestReport(
            id: "r1", client: "key 1", method: "POST", route: "/v1/embeddings", status: 404,
            duration: .microseconds(1260), bytesIn: 10, bytesOut: 20,
            error: .unknownModel("a secret", available: ["m"]), work: nil)))
    }
    #expect(!text.contains("secret"))
    #expect(
      text.hasSuffix(
        " info    request bytes_in=10 bytes_out=20 client=\"key 1\" id=r1 method=POST milliseconds=1.3 "
          + "reason=unknown_model route=/v1/embeddings status=404\n"))
  }

  @Test func aFullDiskCostsLinesAndNothingElse() throws {
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    let writer = LogWriter(descriptor: full.fileDescriptor)
    for _ in 0..<5 { writer.write(Array("a line\n".utf8)) }
    writer.flush(seconds: 120)
    #expect(writer.droppedLines == 5)
  }

  @Test func aClosedDescriptorCostsLinesAndNothingElse() {
    let writer = LogWriter(descriptor: -1)
    writer.write(Array("a line\n".utf8))
    writer.flush(seconds: 120)
    #expect(writer.droppedLines == 1)
  }

  @Test func aReaderThatStopsStopsNobody() throws {
    let pipe = Pipe()
    let writer = LogWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor)
    let line = Array(repeating: UInt8(ascii: "x"), count: 1023) + [UInt8(ascii: "\n")]
    // More than the pipe and the buffer hold together; nobody reads.
    for _ in 0..<3000 { writer.write(line) }
    #expect(writer.droppedLines > 0)
    #expect(writer.droppedLines < 3000)
    // Now somebody reads: what was kept comes whole.
    let dropped = writer.droppedLines
    let reading = pipe.fileHandleForReading
    let received = Mutex(0)
    let isRead = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      let count = reading.readDataToEndOfFile().count
      received.withLock { $0 = count }
      isRead.signal()
    }
    writer.flush(seconds: 120)
    try pipe.fileHandleForWriting.close()
    isRead.wait()
    #expect(received.withLock(\.self) == (3000 - dropped) * 1024)
  }
}
