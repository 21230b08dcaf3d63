#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A new file that appears under its name only when it is complete: bytes go to a temporary name in the same
/// directory, and ``finish()`` renames it. A file that is not finished is removed. Bytes are handed to the
/// operating system, not forced to the disk: this protects against a program that stops, not a power cut.
final class AtomicFile {
  private let path: String
  private let temporaryPath: String
  /// Negative when closed.
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private var isCreated = false
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
    isCreated = true
    buffer.reserveCapacity(Self.bufferByteCount)
  }

  deinit {
    if isFinished || !isCreated { return }
    if descriptor >= 0 { close(descriptor) }
    unlink(temporaryPath)
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
    try bytes.withUnsafeBufferPointer { bytes throws(GGUFError) in try append(UnsafeRawBufferPointer(bytes)) }
  }

  /// Gives the file its name, replacing a file that had it.
  func finish() throws(GGUFError) {
    try flush()
    // Network file systems and quotas may report only here that the bytes did not arrive.
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0 else { throw GGUFError(path, .systemCall(.write, code: errno)) }
    guard rename(temporaryPath, path) == 0 else { throw GGUFError(path, .systemCall(.rename, code: errno)) }
    isFinished = true
  }

  private func flush() throws(GGUFError) {
    try buffer.withUnsafeBufferPointer { bytes throws(GGUFError) in try write(UnsafeRawBufferPointer(bytes)) }
    buffer.removeAll(keepingCapacity: true)
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
