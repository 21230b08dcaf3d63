#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lines of a file or pipe, read in chunks: memory holds one chunk and the line at hand.
package final class LineReader {
  /// A line without its end, which is `\n` or `\r\n`. The last line needs no end.
  package struct Line: Equatable {
    /// Counted from 1.
    package let number: Int
    package let bytes: [UInt8]
  }

  /// No text of this size fits any model; it bounds what a file without line ends can take.
  package static let maximumLineLength = 256 << 20

  /// What sentences call the input.
  package let name: String
  /// The size of a regular file, or nil for pipes and terminals.
  package let size: Int?
  private var bytesRead = 0

  private let descriptor: Int32
  private let chunkSize: Int
  private var buffer: [UInt8] = []
  /// The start of the next line in `buffer`.
  private var start = 0
  /// Up to here `buffer` is known to hold no line end.
  private var scanned = 0
  private var lineCount = 0
  private var isAtEnd = false

  /// Opens `path`; `-` is standard input.
  package init(path: String, chunkSize: Int = 1 << 18) throws(CommandError) {
    name = path == "-" ? "standard input" : path
    let mayWait: Bool
    (descriptor, mayWait) = try openForReading(path)
    var status = stat()
    size = !mayWait && fstat(descriptor, &status) == 0 ? Int(status.st_size) : nil
    self.chunkSize = chunkSize
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// The part of a regular file that has been handed out as lines, 0 to 1; nil for pipes and terminals.
  package var fractionRead: Double? {
    size.map { Double(bytesRead - buffer.count + start) / Double(max($0, 1)) }
  }

  /// Whether ``next()`` would have to wait for another process to write, or for someone to type.
  package var wouldBlock: Bool {
    if isAtEnd || size != nil || findLineEnd() != nil { return false }
    return !isReadable(descriptor, milliseconds: 0)
  }

  /// The next line, or nil at the end.
  package func next() throws(CommandError) -> Line? {
    while true {
      if let end = findLineEnd() {
        let hasReturn = end > start && buffer[end - 1] == UInt8(ascii: "\r")
        return takeLine(upTo: hasReturn ? end - 1 : end, continuingAt: end + 1)
      }
      if isAtEnd {
        return start < buffer.count ? takeLine(upTo: buffer.count, continuingAt: buffer.count) : nil
      }
      guard buffer.count - start <= Self.maximumLineLength else {
        throw .input(
          InputLocation(source: .file(name), number: lineCount + 1),
          reason: "the line is longer than \(Self.maximumLineLength) bytes; split the text")
      }
      try readChunk()
    }
  }

  private func takeLine(upTo end: Int, continuingAt next: Int) -> Line {
    lineCount += 1
    let line = Line(number: lineCount, bytes: Array(buffer[start..<end]))
    start = next
    scanned = next
    return line
  }

  private func findLineEnd() -> Int? {
    let found = buffer.withUnsafeBytes { bytes -> Int? in
      guard let base = bytes.baseAddress, scanned < bytes.count,
        let match = memchr(base + scanned, 0x0A, bytes.count - scanned)
      else { return nil }
      return UnsafeRawPointer(match) - base
    }
    scanned = found ?? buffer.count
    return found
  }

  private func readChunk() throws(CommandError) {
    buffer.removeSubrange(..<start)
    scanned -= start
    start = 0
    if size == nil { try waitUntilReadable(descriptor) }
    let old = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: chunkSize))
    let count = buffer.withUnsafeMutableBytes { bytes in
      retryingInterrupts { read(descriptor, bytes.baseAddress! + old, chunkSize) }
    }
    guard count >= 0 else { throw .cannotRead(path: name, code: errno) }
    buffer.removeSubrange((old + count)...)
    if bytesRead == 0, buffer.starts(with: [0xEF, 0xBB, 0xBF]) {
      // A byte order mark is part of the file, not of the first text.
      start = 3
    }
    bytesRead += count
    isAtEnd = count == 0
  }
}
