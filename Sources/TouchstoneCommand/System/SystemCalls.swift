#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Calls again as long as a signal cut the call short.
package func retryingInterrupts<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

/// Writes all bytes, in as many calls as it takes; false leaves the reason in `errno`.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  bytes.withUnsafeBytes { bytes in
    var written = 0
    while written < bytes.count {
      let count = retryingInterrupts {
        write(descriptor, bytes.baseAddress! + written, bytes.count - written)
      }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}

/// Opens a file for reading; `-` is standard input. A pipe that nobody writes to is no reason to wait here,
/// where a signal could not end the wait: ``waitUntilReadable(_:)`` waits for the first byte.
///
/// - Returns: the descriptor, and whether it is a pipe, a terminal or the like, which may have to be waited
///   for.
func openForReading(_ path: String) throws(CommandError) -> (descriptor: Int32, mayWait: Bool) {
  let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw .cannotRead(path: path, code: errno) }
  if path != "-" { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) }
  var status = stat()
  let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  return (descriptor, !isRegular)
}

/// Opens what is no regular file for writing. A named pipe is waited for until somebody reads.
func openForWriting(_ path: String) throws(CommandError) -> Int32 {
  while true {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor >= 0 {
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
      return descriptor
    }
    guard errno == ENXIO || errno == EINTR else { throw .cannotWrite(path: path, code: errno) }
    if Task.isCancelled { throw .interrupted }
    usleep(100_000)
  }
}

/// Whether a read would give bytes, or the end, within so many milliseconds.
func isReadable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
  var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  return poll(&state, 1, milliseconds) != 0
}

/// Waits for bytes, or the end, of a pipe that may stay silent for ever. The wait is cut into slices so that
/// an interrupt is noticed.
func waitUntilReadable(_ descriptor: Int32) throws(CommandError) {
  while !isReadable(descriptor, milliseconds: 200) {
    if Task.isCancelled { throw .interrupted }
  }
}

/// The absolute path with every link followed, or nil where there is no such file.
package func resolvedPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// The environment variables of this process.
package enum Environment {
  package static subscript(name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}

/// Sentences for the person at the terminal. What cannot be said is dropped: it is never worth a failure.
package enum StandardError {
  /// One line, with the command's name in front.
  package static func say(_ sentence: String) {
    write("touchstone: \(DisplayText.harmless(sentence))\n")
  }

  package static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      _ = retryingInterrupts { Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
  }
}
