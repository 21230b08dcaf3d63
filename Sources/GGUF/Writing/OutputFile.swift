#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A new file that appears under its name only when it is complete: bytes go to a temporary name in the same
/// directory, and ``finish()`` renames it. A file that is not finished is removed.
final class OutputFile {
  private let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isFinished = false
  private(set) var byteCount = 0

  // Large enough that a system call per buffer costs nothing, small enough to stay in the second-level cache.
  private static let bufferByteCount = 1 << 18

  init(path: String) throws(GGUFError) {
    self.path = path
    self.temporaryPath = "\(path).partial-\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 36))"
    // O_EXCL: never write through a link that somebody else put there.
    self.descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw GGUFError(path, .systemCall(.create, code: errno)) }
    buffer.reserveCapacity(Self.bufferByteCount)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if !isFinished { unlink(temporaryPath) }
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(GGUFError) {
    byteCount += bytes.count
    if buffer.count + bytes.count > Self.bufferByteCount { try flush() }
    if bytes.count >= Self.bufferByteCount {
      try write(bytes)
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  /// Appends zero bytes up to the next multiple of `alignment`.
  func pad(toMultipleOf alignment: Int) throws(GGUFError) {
    let padding = [UInt8](repeating: 0, count: byteCount.roundedUp(toMultipleOf: alignment) - byteCount)
    try append(padding)
  }

  func append(_ bytes: [UInt8]) throws(GGUFError) {
    // Typed errors do not pass through `withUnsafeBytes` by themselves.
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(GGUFError) in try append(bytes) }
    }
    try result.get()
  }

  /// Gives the file its name, replacing a file that had it.
  func finish() throws(GGUFError) {
    try flush()
    guard rename(temporaryPath, path) == 0 else { throw GGUFError(path, .systemCall(.rename, code: errno)) }
    isFinished = true
  }

  private func flush() throws(GGUFError) {
    let full = buffer
    buffer.removeAll(keepingCapacity: true)
    let result = full.withUnsafeBytes { bytes in
      Result { () throws(GGUFError) in try write(bytes) }
    }
    try result.get()
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(GGUFError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let chunk = UnsafeRawBufferPointer(rebasing: rest)
      #if canImport(Darwin)
        let written = Darwin.write(descriptor, chunk.baseAddress, chunk.count)
      #elseif canImport(Musl)
        let written = Musl.write(descriptor, chunk.baseAddress, chunk.count)
      #else
        let written = Glibc.write(descriptor, chunk.baseAddress, chunk.count)
      #endif
      if written < 0 {
        if errno == EINTR { continue }
        throw GGUFError(path, .systemCall(.write, code: errno))
      }
      rest = rest.dropFirst(written)
    }
  }
}
