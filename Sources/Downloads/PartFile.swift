import Hashing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that grows, and the hash of its bytes.
final class PartFile {
  let path: String
  private let descriptor: Int32
  private(set) var byteCount: Int
  private var hash = SHA256()
  private var head: [UInt8] = []

  /// - Parameter isPart: it is made where it is not there, and belongs to this process alone.
  init(path: String, isPart: Bool = true) throws(DownloadError) {
    self.path = path
    let flags = isPart ? O_RDWR | O_CREAT : O_RDONLY
    descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o666)
    byteCount = 0
    guard descriptor >= 0 else { throw .disk(path: path, code: errno) }
    if isPart, flock(descriptor, LOCK_EX | LOCK_NB) != 0 { throw .busy(path: path) }
    byteCount = Int(lseek(descriptor, 0, SEEK_END))
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  var digest: String { hash.hexadecimalDigest }
  var isGGUF: Bool { head.starts(with: Array("GGUF".utf8)) }

  /// - Parameter progress: bytes that are hashed, of all.
  func hashWhatIsThere(_ progress: (Int, Int) -> Void) throws(DownloadError) {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while offset < byteCount {
      let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .disk(path: path, code: count < 0 ? errno : EIO) }
      note(buffer[..<count])
      offset += count
      progress(offset, byteCount)
      if Task.isCancelled { throw .cancelled }
    }
  }

  func append(_ bytes: some Collection<UInt8>) throws(DownloadError) {
    let bytes = Array(bytes)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress! + written, bytes.count - written, off_t(byteCount + written))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .disk(path: path, code: count < 0 ? errno : ENOSPC) }
      written += count
    }
    note(bytes[...])
    byteCount += bytes.count
  }

  private func note(_ bytes: ArraySlice<UInt8>) {
    if head.count < 4 { head += bytes.prefix(4 - head.count) }
    bytes.withUnsafeBytes { hash.update(unsafeBytes: $0) }
  }

  /// Throws away what is there.
  func restart() throws(DownloadError) {
    guard ftruncate(descriptor, 0) == 0 else { throw .disk(path: path, code: errno) }
    (byteCount, hash, head) = (0, SHA256(), [])
  }

  func remove() { unlink(path) }

  /// Gives the file its name when its bytes are on the disk.
  func finish(as name: String) throws(DownloadError) {
    guard fsync(descriptor) == 0, rename(path, name) == 0 else { throw .disk(path: name, code: errno) }
  }
}
