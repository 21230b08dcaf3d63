#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a small file of settings whole.
enum BoundedFile {
  /// Why a file could not be read, as the words after `cannot read PATH: `.
  struct Failure: Error, Equatable, CustomStringConvertible {
    let description: String
  }

  /// - Parameter limit: the most bytes such a file may sensibly have: `/dev/zero` is no key file.
  static func read(_ path: String, limit: Int = 1 << 20) throws(Failure) -> [UInt8] {
    let bytes = try beginning(of: path, count: limit + 1)
    guard bytes.count <= limit else { throw Failure(description: "it has more than \(limit) bytes") }
    return bytes
  }

  /// The first `count` bytes, or all where there are fewer.
  static func beginning(of path: String, count limit: Int) throws(Failure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit)
    var count = 0
    while count < limit {
      let step = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress! + count, $0.count - count)
      }
      if step < 0 && errno == EINTR { continue }
      guard step >= 0 else { throw Failure(code: errno) }
      if step == 0 { break }
      count += step
    }
    return Array(bytes[..<count])
  }
}

extension BoundedFile.Failure {
  /// The system's words for an `errno`: `No such file or directory`.
  init(code: Int32) {
    description = strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}
