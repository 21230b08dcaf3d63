import Documents
import ForeignText
import Foundation
import JSON
import Synchronization
import TouchstoneServer

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that a client has uploaded.
package struct ShelfFile: Sendable, Equatable {
  package let id: String
  package let name: String
  package let byteCount: Int
  /// Nanoseconds since 1970: files that come within a second keep their order.
  package let moment: Int
  package let purpose: String
  /// Where its bytes are.
  package let path: String

  /// Seconds since 1970.
  package var created: Int { moment / 1_000_000_000 }
}

/// The uploaded files: a folder for each, which appears whole or not at all.
///
/// `FOLDER/file-…/about.json` has the name and the purpose, `FOLDER/file-…/content/NAME` the bytes. The name
/// in the file system is the client's as far as it can be one.
final class FileShelf: Sendable {
  private let folder: String
  private let byteLimit: Int
  private let files = Mutex<[String: ShelfFile]>([:])

  /// Reads what is there. What an upload that was cut off has left is taken away.
  init(folder given: String, byteLimit: Int) throws {
    try FileManager.default.createDirectory(atPath: given, withIntermediateDirectories: true)
    // A base calls its documents by their paths without links.
    guard let folder = realPath(given) else {
      throw ServiceError.engine("the folder cannot be used: \(String(cString: strerror(errno)))")
    }
    self.folder = folder
    self.byteLimit = byteLimit
    var found: [String: ShelfFile] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      if name.hasPrefix(Self.unfinished) {
        try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      } else if let file = Self.read("\(folder)/\(name)", id: name) {
        found[name] = file
      }
    }
    let all = found
    files.withLock { $0 = all }
  }

  private static let unfinished = ".upload-"

  private static func read(_ folder: String, id: String) -> ShelfFile? {
    guard id.hasPrefix("file-"), let bytes = FileManager.default.contents(atPath: "\(folder)/about.json"),
      let about = try? JSONParser.parse(Array(bytes)), case .string(let name)? = about["filename"],
      case .string(let purpose)? = about["purpose"], case .number(let created)? = about["created"],
      case .string(let stored)? = about["stored"], !stored.contains("/")
    else { return nil }
    let path = "\(folder)/content/\(stored)"
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return ShelfFile(
      id: id, name: name, byteCount: Int(status.st_size), moment: Int(created) ?? 0, purpose: purpose,
      path: path)
  }

  /// In the order in which they came.
  var all: [ShelfFile] {
    files.withLock { Array($0.values) }.sorted { ($0.moment, $0.id) < ($1.moment, $1.id) }
  }

  func file(_ id: String) throws(ServiceError) -> ShelfFile {
    guard id.utf8.count <= 64, let file = files.withLock({ $0[id] }) else {
      throw .notFound("there is no file \(id.quotedAsID) here; GET /v1/files lists them")
    }
    return file
  }

  func add(_ name: String, _ bytes: [UInt8], purpose: String) throws -> ShelfFile {
    let used = files.withLock { $0.values.reduce(0) { $0 + $1.byteCount } }
    guard used + bytes.count <= byteLimit else {
      throw ServiceError.conflict(
        "the files that are kept would have more than \(byteLimit) bytes, which is the limit; delete some")
    }
    let id = "file-" + RandomID.hexadecimal()
    let moment = Int(Date().timeIntervalSince1970 * 1e9)
    let stored = Self.stored(name)
    let temporary = "\(folder)/\(Self.unfinished)\(id)"
    var about: [UInt8] = []
    about.append(
      json: .object([
        .init("filename", .string(name)), .init("purpose", .string(purpose)),
        .init("created", .number(moment)), .init("stored", .string(stored)),
      ]))
    do {
      try FileManager.default.createDirectory(
        atPath: "\(temporary)/content", withIntermediateDirectories: true)
      try Self.write(bytes, to: "\(temporary)/content/\(stored)")
      try Self.write(about, to: "\(temporary)/about.json")
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw error
    }
    guard rename(temporary, "\(folder)/\(id)") == 0 else {
      let reason = String(cString: strerror(errno))
      try? FileManager.default.removeItem(atPath: temporary)
      throw ServiceError.engine("the file cannot be kept: \(reason)")
    }
    let file = ShelfFile(
      id: id, name: name, byteCount: bytes.count, moment: moment, purpose: purpose,
      path: "\(folder)/\(id)/content/\(stored)")
    files.withLock { $0[id] = file }
    return file
  }

  func remove(_ id: String) throws {
    _ = try file(id)
    // Away at once, whatever a crash leaves of it.
    let gone = "\(folder)/\(Self.unfinished)\(id)-deleted"
    guard rename("\(folder)/\(id)", gone) == 0 else {
      throw ServiceError.engine("the file cannot be removed: \(String(cString: strerror(errno)))")
    }
    files.withLock { $0[id] = nil }
    try? FileManager.default.removeItem(atPath: gone)
  }

  /// Writes a file whole and to the disk.
  private static func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw ServiceError.engine("the file cannot be kept: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw ServiceError.engine("the file cannot be kept: \(String(cString: strerror(errno)))")
      }
      written += count
    }
    fsync(descriptor)
  }

  /// A name of one part without control characters, at most 200 bytes, whose ending stays: it tells the
  /// format.
  static func stored(_ name: String) -> String {
    let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? "file"
    var scalars = String.UnicodeScalarView(
      last.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "_" : $0 })
    while scalars.first == "." { scalars.removeFirst() }
    let clean = scalars.isEmpty ? "file" : String(scalars)
    guard clean.utf8.count > 200 else { return clean }
    let ending = clean.lastIndex(of: ".").map { String(clean[$0...]) } ?? ""
    let kept = ending.utf8.count <= 16 ? ending : ""
    var start = ""
    for scalar in clean.unicodeScalars {
      guard start.utf8.count + UTF8.width(scalar) + kept.utf8.count <= 200 else { break }
      start.unicodeScalars.append(scalar)
    }
    return start + kept
  }
}

/// A file that is read once and goes away: programs that read PDF want a path.
final class TemporaryDocument {
  let path: String
  private let folder: String

  init(_ bytes: [UInt8], name: String) throws {
    var template = Array((NSTemporaryDirectory() + "/touchstone-document-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw ServiceError.engine("there is no room for a file: \(String(cString: strerror(errno)))")
    }
    folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    path = folder + "/" + FileShelf.stored(name)
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
    else {
      try? FileManager.default.removeItem(atPath: folder)
      throw ServiceError.engine("there is no room for a file")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}

enum RandomID {
  /// 24 hexadecimal digits.
  static func hexadecimal() -> String {
    let digits = (0..<3).map { _ in String(UInt32.random(in: .min ... .max), radix: 16) }
    return digits.map { String(repeating: "0", count: 8 - $0.count) + $0 }.joined()
  }
}

extension String {
  /// For sentences: a stranger's identifier, quoted and bounded.
  var quotedAsID: String { quoted(limit: 80) }
}
