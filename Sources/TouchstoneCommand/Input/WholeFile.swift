import Glibc

/// A file read at once, for formats that need all of it.
enum WholeFile {
  /// - Parameter path: `-` for standard input.
  static func bytes(_ path: String) throws(CommandError) -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path: path, code: errno) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = chunk.withUnsafeMutableBytes { buffer in
        retryingInterrupts { read(descriptor, buffer.baseAddress, buffer.count) }
      }
      guard count >= 0 else { throw .cannotRead(path: path, code: errno) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}
