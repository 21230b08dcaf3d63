import AsyncHTTPClient
import ForeignText
import Hashing
import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Fetches one file: goes on where an earlier attempt stopped, checks size and hash, and only then gives the
/// file its name.
///
/// The bytes gather in `NAME.part`, with the start of the hash in the name, so that two versions never mix
/// and two hubs with the same file go on with the same part.
package struct Download {
  package struct Outcome: Sendable, Equatable {
    package let path: String
    package let byteCount: Int
    /// Whether the file was there already.
    package let wasThere: Bool
    /// false where the hub states no hash.
    package let isVerified: Bool
  }

  package enum Step: Sendable {
    /// Bytes that are here, and how many there will be.
    case fetching(Int, of: Int?)
    case hashing(Int, of: Int)
  }

  let hub: ModelHub
  let file: RemoteFile
  let folder: String
  /// Scales the pauses between attempts.
  let patience: Double

  package init(_ file: RemoteFile, from hub: ModelHub, to folder: String, patience: Double = 1) {
    self.hub = hub
    self.file = file
    self.folder = folder
    self.patience = patience
  }

  /// Attempts in a row that bring no byte before giving up.
  static let mostAttempts = 5

  /// - Parameter progress: called several times a second.
  package func run(
    _ announced: Announcement, progress: (Step) -> Void
  ) async throws(DownloadError) -> Outcome {
    let path = "\(folder)/\(file.name)"
    if let found = try existing(path, announced, progress) { return found }
    try makeFolder()
    let version = announced.sha256.map { ".\($0.prefix(12))" } ?? ""
    let part = try PartFile(path: "\(path)\(version).part")
    try part.hashWhatIsThere { progress(.hashing($0, of: $1)) }
    if let total = announced.byteCount, part.byteCount > total { try part.restart() }
    try checkSpace(announced, part)
    do throws(DownloadError) { try await fetchAll(announced, into: part, progress) } catch {
      if part.byteCount == 0 { part.remove() }
      throw error
    }
    if let total = announced.byteCount, part.byteCount != total {
      throw wrong("\(part.byteCount) bytes", "\(total) bytes", part)
    }
    let digest = part.digest
    if let expected = announced.sha256, digest != expected {
      throw wrong("SHA-256 \(digest)", "SHA-256 \(expected)", part)
    }
    try part.finish(as: path)
    return Outcome(
      path: path, byteCount: part.byteCount, wasThere: false, isVerified: announced.sha256 != nil)
  }

  /// The file under its name, if it is there and is the hub's.
  private func existing(
    _ path: String, _ announced: Announcement, _ progress: (Step) -> Void
  ) throws(DownloadError) -> Outcome? {
    guard access(path, F_OK) == 0 else { return nil }
    let present = try PartFile(path: path, isPart: false)
    if let total = announced.byteCount, present.byteCount != total {
      throw .wrongFile(
        path: path, found: "\(present.byteCount) bytes", expected: "\(total) bytes", isNew: false)
    }
    if let expected = announced.sha256 {
      try present.hashWhatIsThere { progress(.hashing($0, of: $1)) }
      guard present.digest == expected else {
        throw .wrongFile(
          path: path, found: "SHA-256 \(present.digest)", expected: "SHA-256 \(expected)", isNew: false)
      }
    }
    return Outcome(
      path: path, byteCount: present.byteCount, wasThere: true, isVerified: announced.sha256 != nil)
  }

  private func wrong(
    _ found: String, _ expected: String, _ part: PartFile
  ) -> DownloadError {
    part.remove()
    return .wrongFile(path: part.path, found: found, expected: expected, isNew: true)
  }

  private func makeFolder() throws(DownloadError) {
    var made = ""
    for component in folder.split(separator: "/", omittingEmptySubsequences: false) {
      made += made.isEmpty && !folder.hasPrefix("/") ? "\(component)" : "/\(component)"
      if made.hasPrefix("//") { made.removeFirst() }
      guard mkdir(made, 0o777) == 0 || errno == EEXIST || errno == EISDIR else {
        throw .disk(path: made, code: errno)
      }
    }
  }

  private func checkSpace(_ announced: Announcement, _ part: PartFile) throws(DownloadError) {
    var facts = statvfs()
    guard let total = announced.byteCount, statvfs(folder, &facts) == 0 else { return }
    let (free, overflows) = Int(clamping: facts.f_bavail).multipliedReportingOverflow(by: Int(facts.f_frsize))
    let needed = total - part.byteCount
    if !overflows, needed > free { throw .space(folder: folder, free: free, needed: needed) }
  }
}

// MARK: The transfer

extension Download {
  /// Asks again from where the last answer broke off, until nothing is missing.
  private func fetchAll(
    _ announced: Announcement, into part: PartFile, _ progress: (Step) -> Void
  ) async throws(DownloadError) {
    var failures = 0
    while true {
      let before = part.byteCount
      let reason: String
      do throws(DownloadError) {
        if try await fetch(announced, into: part, progress) { return }
        reason = "the connection ended early"
      } catch {
        if case .status(416, _) = error { try part.restart() } else if !error.isTemporary { throw error }
        reason = error.description
      }
      failures = part.byteCount > before ? 0 : failures + 1
      if failures == Self.mostAttempts { throw .gaveUp(attempts: failures, reason: reason) }
      do { try await Task.sleep(for: .seconds(patience * Double(1 << failures))) } catch { throw .cancelled }
    }
  }

  /// One request, appended to the part file.
  ///
  /// - Returns: whether the file is complete.
  private func fetch(
    _ announced: Announcement, into part: PartFile, _ progress: (Step) -> Void
  ) async throws(DownloadError) -> Bool {
    if let total = announced.byteCount, part.byteCount == total { return true }
    let address = hub.url(of: file)
    let response = try await HubConnection(hub: hub).open(address, .GET, from: part.byteCount)
    if response.headers.first(name: "content-type")?.hasPrefix("text/html") == true {
      throw .malformed(
        url: HubConnection.shown(address),
        reason: "answered a web page instead of the file (a proxy, or a page to log in?)")
    }
    var total = announced.byteCount
    if response.status == .partialContent {
      total = try checkedTotal(response.headers.first(name: "content-range"), part.byteCount, total)
    } else {
      if part.byteCount > 0 { try part.restart() }
      total = total ?? response.headers.first(name: "content-length").flatMap { Int($0) }
    }
    do {
      for try await buffer in response.body {
        try part.append(buffer.readableBytesView)
        if part.byteCount >= 4, !part.isGGUF {
          part.remove()
          throw DownloadError.malformed(
            url: HubConnection.shown(address), reason: "answered something that is not a GGUF file")
        }
        if let total, part.byteCount > total {
          part.remove()
          throw DownloadError.malformed(
            url: HubConnection.shown(address), reason: "sent more than the \(total) bytes that were announced"
          )
        }
        progress(.fetching(part.byteCount, of: total))
        try Task.checkCancellation()
      }
    } catch { throw HubConnection.explain(error, address) }
    return total.map { part.byteCount == $0 } ?? true
  }

  /// The total that a partial answer states.
  private func checkedTotal(_ range: String?, _ have: Int, _ announced: Int?) throws(DownloadError) -> Int? {
    let address = HubConnection.shown(hub.url(of: file))
    guard let range, range.hasPrefix("bytes \(have)-"), let slash = range.lastIndex(of: "/") else {
      throw .malformed(url: address, reason: "answered another range than the one asked for")
    }
    let stated = Int(range[range.index(after: slash)...])
    if let stated, let announced, stated != announced {
      throw .malformed(
        url: address, reason: "is of \(stated) bytes, but \(announced) were announced; run the command again")
    }
    return announced ?? stated
  }
}
