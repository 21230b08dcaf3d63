#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension ByteStorage {
  /// Maps a regular, non-empty file, read only. Nothing is read yet: pages come in as they are touched.
  ///
  /// The mapping is private to this process and stays valid when the file is renamed, replaced by another
  /// file, or deleted. It does not survive a file that another program *shortens in place* while it is in
  /// use: touching a page beyond the new end raises SIGBUS, and no user-space check can prevent that.
  /// Programs that update models must write a new file and rename it, as ``GGUFWriter`` does.
  ///
  /// - Throws: ``GGUFError`` where the file cannot be opened, is a directory or a device, or is empty.
  package convenience init(mapping path: String) throws(GGUFError) {
    // O_NONBLOCK: opening a named pipe must not wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw GGUFError(path, .systemCall(.open, code: errno)) }
    // The mapping keeps the file by itself.
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw GGUFError(path, .systemCall(.readStatus, code: errno))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw GGUFError(path, .notARegularFile(.directory))
    default: throw GGUFError(path, .notARegularFile(.device))
    }
    guard status.st_size > 0 else { throw GGUFError(path, .emptyFile) }
    guard let byteCount = Int(exactly: status.st_size),
      let base = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else { throw GGUFError(path, .systemCall(.map, code: errno)) }

    self.init(path: path, unsafeBase: base, byteCount: byteCount) { base, byteCount in
      munmap(UnsafeMutableRawPointer(mutating: base), byteCount)
    }
  }

  /// What the program is about to do with a part of the file.
  package enum Access {
    /// Read it soon: start reading from disk now.
    case soon
    /// Read it from front to back.
    case sequential
    /// Read scattered pieces of it: reading ahead would be wasted.
    case random
  }

  /// Tells the operating system how `range` will be read. A hint: it changes speed, never results, and
  /// storage that is not a mapping does not begin at a page, so that the system ignores the call.
  package func advise(_ access: Access, in range: Range<Int>) {
    let advice =
      switch access {
      case .soon: MADV_WILLNEED
      case .sequential: MADV_SEQUENTIAL
      case .random: MADV_RANDOM
      }
    // madvise wants the start of a page. A mapping begins at one, so rounding down stays inside it.
    let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
    let wholePages = range.lowerBound / pageSize * pageSize..<range.upperBound
    withUnsafeBytes(in: wholePages) { bytes in
      _ = madvise(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count, advice)
    }
  }
}
