#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file read at once, for formats that need all of it.
enum WholeFile {
  /// Ten times the vectors of every probe of the largest model, in decimal.
  static let limit = 512 << 20

  /// - Parameter path: `-` for standard input.
  static func bytes(_ path: String) throws(CommandError) -> [UInt8] {
    let (descriptor, mayWait) = try openForReading(path)
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      if mayWait { try waitUntilReadable(descriptor) }
      let count = chunk.withUnsafeMutableBytes { buffer in
        retryingInterrupts { read(descriptor, buffer.baseAddress, buffer.count) }
      }
      guard count >= 0 else { throw .cannotRead(path: path, code: errno) }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else {
        throw .failure("\(path) has more than \(limit >> 20) MiB, which no file of vectors needs")
      }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}
