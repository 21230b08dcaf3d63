import Documents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files below a folder, in the order of their paths. Links are not followed, hidden files and folders
/// are left out.
struct FileWalk {
  struct File: Equatable {
    /// Absolute.
    var path: String
    var byteCount: Int
    /// Nanoseconds since 1970.
    var modificationTime: Int
    /// Whether the user named this very file.
    var isNamed: Bool
  }

  /// Globs of the whole path or of its end; empty: all files of a known format.
  var include: [String]
  var exclude: [String]
  /// Folders that are not entered: the base itself.
  var skipped: Set<String>
  var reader = DocumentReader()

  /// - Throws: where a path is neither a file nor a folder.
  func files(_ root: String) throws(KnowledgeError) -> [File] {
    guard let path = realPath(root) else {
      throw .io(path: root, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw .io(path: root, reason: String(cString: strerror(errno))) }
    if status.st_mode & S_IFMT != S_IFDIR { return [Self.file(path, status, isNamed: true)] }
    var files: [File] = []
    walk(path, depth: 0, &files)
    return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private static func file(_ path: String, _ status: stat, isNamed: Bool) -> File {
    File(
      path: path, byteCount: Int(status.st_size),
      modificationTime: status.modificationTime.tv_sec * 1_000_000_000 + status.modificationTime.tv_nsec,
      isNamed: isNamed)
  }

  private func walk(_ folder: String, depth: Int, _ files: inout [File]) {
    guard depth < 64, !skipped.contains(folder), let handle = opendir(folder) else { return }
    defer { closedir(handle) }
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      guard let name, !name.hasPrefix(".") else { continue }
      let path = folder == "/" ? "/" + name : folder + "/" + name
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: if !matches(path, exclude) { walk(path, depth: depth + 1, &files) }
      case S_IFREG:
        guard !matches(path, exclude),
          include.isEmpty ? reader.canRead(path) : matches(path, include)
        else { continue }
        files.append(Self.file(path, status, isNamed: false))
      default: break
      }
    }
  }

  private func matches(_ path: String, _ globs: [String]) -> Bool {
    globs.contains { fnmatch($0, path, 0) == 0 || fnmatch("*/" + $0, path, 0) == 0 }
  }
}
