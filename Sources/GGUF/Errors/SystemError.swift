#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Error numbers of the operating system in words.
enum SystemError {
  static let noSuchFile = ENOENT

  static func sentence(_ code: Int32) -> String {
    switch code {
    case ENOENT: "there is no such file or directory; check the path"
    case EACCES: "permission denied; check the permissions of the file and its directories"
    case ENOSPC: "no space is left on the device; free some"
    default: String(cString: strerror(code))
    }
  }
}
