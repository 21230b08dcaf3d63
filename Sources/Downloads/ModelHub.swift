import AsyncHTTPClient
import ForeignText
import JSON
import NIOCore

/// A file of a repository on a hub.
package struct RemoteFile: Sendable, Equatable {
  /// `OWNER/NAME`.
  package let repository: String
  package let name: String

  package init(repository: String, name: String) {
    self.repository = repository
    self.name = name
  }
}

/// What a hub says about a file before it is fetched; nil where it says nothing.
package struct Announcement: Sendable, Equatable {
  package let byteCount: Int?
  /// 64 hexadecimal digits in lower case.
  package let sha256: String?
}

/// A place that has model files: Hugging Face, a mirror of it, or ModelScope.
package struct ModelHub: Sendable, Equatable {
  package enum Kind: Sendable {
    case huggingFace
    case modelScope
  }

  package let kind: Kind
  /// `https://huggingface.co`, without a slash at the end.
  package let endpoint: String
  /// Sent to the endpoint's own host, and to no other that it redirects to.
  let token: String?

  package init(_ kind: Kind, endpoint: String, token: String? = nil) {
    self.kind = kind
    var endpoint = endpoint[...]
    while endpoint.hasSuffix("/") { endpoint.removeLast() }
    self.endpoint = endpoint.contains("://") ? String(endpoint) : "https://\(endpoint)"
    self.token = token
  }

  /// The endpoint without its scheme.
  package var host: String {
    String(endpoint.drop { $0 != ":" }.drop { $0 == ":" || $0 == "/" })
  }

  package func url(of file: RemoteFile) -> String {
    switch kind {
    case .huggingFace: "\(endpoint)/\(file.repository)/resolve/main/\(file.name)"
    case .modelScope:
      "\(endpoint)/api/v1/models/\(file.repository)/repo?Revision=master&FilePath=\(file.name)"
    }
  }

  /// Size and SHA-256 of a file.
  package func announcement(of file: RemoteFile) async throws(DownloadError) -> Announcement {
    switch kind {
    case .huggingFace: try await announcementByHeaders(file)
    case .modelScope: try await announcementByListing(file)
    }
  }

  /// From the headers of the hub's own answer, not from those of the storage that it redirects to.
  private func announcementByHeaders(_ file: RemoteFile) async throws(DownloadError) -> Announcement {
    let headers = try await HubConnection(hub: self).open(url(of: file), .HEAD).headers
    var digest = headers.first(name: "x-linked-etag") ?? ""
    digest.removeAll { $0 == "\"" }
    return Announcement(
      byteCount: headers.first(name: "x-linked-size").flatMap { Int($0) },
      sha256: Self.digest(digest.hasPrefix("sha256:") ? String(digest.dropFirst(7)) : digest))
  }

  private func announcementByListing(_ file: RemoteFile) async throws(DownloadError) -> Announcement {
    let address = "\(endpoint)/api/v1/models/\(file.repository)/repo/files?Revision=master&Recursive=True"
    let body = try await HubConnection(hub: self).body(address)
    guard let answer = try? JSONParser.parse(body, maximumValues: 100_000),
      case .array(let files)? = answer["Data"]?["Files"]
    else { throw .malformed(url: address, reason: "answered something that is no list of files") }
    let found = files.first { entry in
      guard case .string(let path)? = entry["Path"] else { return false }
      return path.hasBytes(of: file.name)
    }
    guard let found else { throw .noSuchFile(name: file.name, repository: file.repository, host: host) }
    var byteCount: Int?
    if case .number(let digits)? = found["Size"] { byteCount = Int(digits) }
    var sha256: String?
    if case .string(let digits)? = found["Sha256"] { sha256 = Self.digest(digits) }
    return Announcement(byteCount: byteCount, sha256: sha256)
  }

  private static func digest(_ text: String) -> String? {
    let text = text.lowercased()
    guard text.utf8.count == 64, text.allSatisfy(\.isHexDigit) else { return nil }
    return text
  }
}
