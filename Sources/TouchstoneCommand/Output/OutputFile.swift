#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where results go: standard output, or a file that appears under its name only when it is complete.
package final class OutputFile {
  private let name: String
  private let descriptor: Int32
  /// The name the bytes gather under, and the name they get at the end.
  private let temporary: (path: String, final: String)?
  private var buffer: [UInt8] = []
  private var isOpen = true
  /// Whether the unfinished file is worth keeping: it holds what an earlier run did.
  private let staysUnfinished: Bool

  /// - Parameter path: nil or `-` for standard output. A device or pipe is written to directly.
  package init(path: String?) throws(CommandError) {
    guard let path, path != "-" else {
      (name, descriptor, temporary) = ("standard output", STDOUT_FILENO, nil)
      staysUnfinished = false
      return
    }
    name = path
    staysUnfinished = false
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      descriptor = try openForWriting(path)
      temporary = nil
    } else {
      // Through a link, the file that it names is replaced, not the link.
      let final = exists ? resolvedPath(path) ?? path : path
      let partial = "\(final).\(getpid()).partial"
      descriptor = open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      temporary = (partial, final)
      if descriptor >= 0 {
        TemporaryFiles.add(partial)
        if exists { _ = fchmod(descriptor, status.st_mode & 0o7777) }
      }
    }
    guard descriptor >= 0 else { throw .cannotWrite(path: path, code: errno) }
  }

  /// Goes on with a file that an earlier run left unfinished. Whatever happens, the file stays until it gets
  /// its name.
  ///
  /// - Parameters:
  ///   - partial: the file as it was left.
  ///   - path: the name that it gets at the end.
  ///   - byteCount: how many of its bytes count; the others go.
  package init(continuing partial: String, as path: String, byteCount: Int) throws(CommandError) {
    name = path
    descriptor = open(partial, O_RDWR | O_CLOEXEC)
    temporary = (partial, path)
    staysUnfinished = true
    guard descriptor >= 0 else { throw .cannotRead(path: partial, code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size >= byteCount
    else {
      throw .failure("\(partial) is shorter than it was; remove it to begin again")
    }
    guard ftruncate(descriptor, byteCount) == 0, lseek(descriptor, 0, SEEK_END) == byteCount else {
      throw .cannotWrite(path: partial, code: errno)
    }
  }

  /// Abandons a file that was not finished.
  deinit {
    guard isOpen, let temporary else { return }
    close(descriptor)
    if !staysUnfinished { TemporaryFiles.remove(temporary.path) }
  }

  /// Whether the file is one that an earlier run left.
  package var isContinued: Bool { staysUnfinished }

  /// Where the file will be; nil for standard output, a device or a pipe.
  package var finalPath: String? { temporary?.final }

  /// Keeps what was written so far under another name, unfinished.
  package func keep(as path: String) throws(CommandError) {
    try flush()
    guard let temporary, !staysUnfinished else { return }
    guard rename(temporary.path, path) == 0 else { throw .cannotWrite(path: path, code: errno) }
    TemporaryFiles.forget(temporary.path)
    isOpen = false
    close(descriptor)
  }

  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Where the next byte goes, if bytes that went before can still be replaced.
  package var replaceableOffset: Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      fcntl(descriptor, F_GETFL) & O_APPEND == 0
    else { return nil }
    let offset = lseek(descriptor, 0, SEEK_CUR)
    return offset >= 0 ? offset + buffer.count : nil
  }

  package func write(_ bytes: some Sequence<UInt8>) throws(CommandError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Hands everything written so far to the system, so that a reader sees whole records.
  package func flush() throws(CommandError) {
    defer { buffer.removeAll(keepingCapacity: true) }
    guard writeAll(buffer, to: descriptor) else { throw failure() }
  }

  /// Replaces bytes at an offset that ``replaceableOffset`` gave.
  package func replace(at offset: Int, with bytes: [UInt8]) throws(CommandError) {
    try flush()
    let count = bytes.withUnsafeBytes { bytes in
      retryingInterrupts { pwrite(descriptor, bytes.baseAddress, bytes.count, offset) }
    }
    guard count == bytes.count else { throw failure() }
  }

  /// Completes the output; a file gets its name now.
  package func finish() throws(CommandError) {
    try flush()
    guard descriptor != STDOUT_FILENO else { return }
    isOpen = false
    let closed = close(descriptor) == 0
    let closeCode = errno
    guard let temporary else {
      if !closed { throw .cannotWrite(path: name, code: closeCode) }
      return
    }
    guard closed, rename(temporary.path, temporary.final) == 0 else {
      let code = closed ? errno : closeCode
      TemporaryFiles.remove(temporary.path)
      throw .cannotWrite(path: name, code: code)
    }
    TemporaryFiles.forget(temporary.path)
  }

  private func failure() -> CommandError {
    let code = errno
    return code == EPIPE ? .brokenPipe : .cannotWrite(path: name, code: code)
  }

  private static let bufferSize = 1 << 16
}
