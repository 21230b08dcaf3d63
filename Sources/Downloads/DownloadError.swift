import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a model file was not fetched. `description` is one sentence.
package enum DownloadError: Error, Equatable, CustomStringConvertible {
  /// No connection: no address, no answer, or a certificate that cannot be checked.
  case unreachable(host: String, reason: String)
  /// The server answered with a status that says no; some may be gone on the next attempt.
  case status(Int, url: String)
  /// The server's answer is not what a hub sends.
  case malformed(url: String, reason: String)
  /// The repository has no file of this name.
  case noSuchFile(name: String, repository: String, host: String)
  /// The file on disk is not the one that the hub has.
  case wrongFile(path: String, found: String, expected: String, isNew: Bool)
  case space(folder: String, free: Int, needed: Int)
  case disk(path: String, code: Int32)
  /// Another process is fetching the same file.
  case busy(path: String)
  /// So many attempts in a row brought no byte; the last one failed so.
  case gaveUp(attempts: Int, reason: String)
  case cancelled

  package var description: String {
    switch self {
    case .unreachable(let host, let reason): "\(host.escaped) cannot be reached: \(reason)"
    case .status(let status, let url): "\(url.escaped) \(Self.meaning(of: status))"
    case .malformed(let url, let reason): "\(url.escaped) \(reason)"
    case .noSuchFile(let name, let repository, let host):
      "\(host.escaped) has no file '\(name.escaped)' in \(repository.escaped)"
    case .wrongFile(let path, let found, let expected, let isNew):
      "\(path.escaped) has \(found), but the hub announces \(expected); "
        + (isNew ? "it was removed: run the command again" : "remove it, or give another folder with --dir")
    case .space(let folder, let free, let needed):
      "\(folder.escaped) has \(megabytes(free)) free, but \(megabytes(needed)) are needed; give another folder with --dir"
    case .disk(let path, let code): "\(path.escaped): \(String(cString: strerror(code)))"
    case .busy(let path): "another process is fetching \(path.escaped); wait for it"
    case .gaveUp(let attempts, let reason):
      "gave up after \(attempts) attempts without a byte: \(reason); run the command again to go on"
    case .cancelled: "cancelled"
    }
  }

  private static func meaning(of status: Int) -> String {
    switch status {
    case 401, 403: "needs permission (\(status)): set HF_TOKEN to a token that has it"
    case 404: "does not exist (404)"
    case 416: "is shorter than the part that is here (416)"
    case 429: "asks for fewer requests (429); wait, or set HF_TOKEN"
    case 500..<600: "failed (\(status))"
    default: "answered \(status)"
    }
  }

  /// Whether another attempt may succeed.
  var isTemporary: Bool {
    switch self {
    case .unreachable: true
    case .status(let status, _): [408, 429].contains(status) || (500..<600).contains(status)
    default: false
    }
  }
}

private func megabytes(_ bytes: Int) -> String { "\((bytes + 999_999) / 1_000_000) MB" }
