import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The unfinished files of this process, so that a signal can take them away.
enum TemporaryFiles {
  private static let paths = Mutex<Set<String>>([])

  static func add(_ path: String) {
    _ = paths.withLock { $0.insert(path) }
  }

  /// The file has got its final name.
  static func forget(_ path: String) {
    _ = paths.withLock { $0.remove(path) }
  }

  static func remove(_ path: String) {
    unlink(path)
    forget(path)
  }

  static func removeAll() {
    paths.withLock { paths in
      for path in paths { unlink(path) }
      paths = []
    }
  }
}
