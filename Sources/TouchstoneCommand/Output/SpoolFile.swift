#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes kept on disk until they are all there. The file has no name: it goes when the process does.
package final class SpoolFile {
  private let descriptor: Int32
  private let directory: String
  private var buffer: [UInt8] = []

  package init() throws(CommandError) {
    directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(directory)/touchstone.XXXXXX".utf8CString)
    descriptor = template.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
    guard descriptor >= 0 else { throw .cannotWrite(path: directory, code: errno) }
    template.withUnsafeBufferPointer { _ = unlink($0.baseAddress!) }
  }

  deinit { close(descriptor) }

  package func write(_ bytes: [UInt8]) throws(CommandError) {
    buffer += bytes
    if buffer.count >= Self.chunkSize { try flush() }
  }

  /// Copies everything, from the first byte, to `output`.
  package func copy(to output: OutputFile) throws(CommandError) {
    try flush()
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .cannotRead(path: directory, code: errno) }
    var chunk = [UInt8](repeating: 0, count: Self.chunkSize)
    while true {
      let count = chunk.withUnsafeMutableBytes { bytes in
        retryingInterrupts { read(descriptor, bytes.baseAddress, bytes.count) }
      }
      guard count >= 0 else { throw .cannotRead(path: directory, code: errno) }
      if count == 0 { return }
      try output.write(chunk[..<count])
    }
  }

  private func flush() throws(CommandError) {
    defer { buffer.removeAll(keepingCapacity: true) }
    guard writeAll(buffer, to: descriptor) else { throw .cannotWrite(path: directory, code: errno) }
  }

  private static let chunkSize = 1 << 18
}
