import Chunking
import JSON
import Knowledge

/// A file of a base as a client of the service put it there. The base remembers it in a note, so that work
/// that was interrupted goes on when the service starts again.
struct Attachment: Sendable, Equatable {
  var fileID: String
  var path: String
  var filename: String
  /// Seconds since 1970.
  var created: Int
  var attributes = FileAttributes()
  /// How it is cut. nil: as the base.
  var chunking: ChunkingOptions?
  var isCancelled = false

  static let notePrefix = "file "
  var noteName: String { Self.notePrefix + fileID }

  var note: String {
    var members: [JSONValue.Member] = [
      .init("path", .string(path)), .init("filename", .string(filename)), .init("created", .number(created)),
      .init("attributes", attributes.json),
    ]
    if let chunking { members.append(.init("chunking", .string(chunking.settings))) }
    if isCancelled { members.append(.init("cancelled", .bool(true))) }
    var bytes: [UInt8] = []
    bytes.append(json: .object(members))
    return String(decoding: bytes, as: UTF8.self)
  }

  init(fileID: String, path: String, filename: String, created: Int) {
    self.fileID = fileID
    self.path = path
    self.filename = filename
    self.created = created
  }

  init?(fileID: String, note: String) {
    guard let json = try? JSONParser.parse(Array(note.utf8)), case .string(let path)? = json["path"],
      case .string(let filename)? = json["filename"], case .number(let created)? = json["created"]
    else { return nil }
    self.init(fileID: fileID, path: path, filename: filename, created: Int(created) ?? 0)
    attributes = (try? FileAttributes(json["attributes"])) ?? FileAttributes()
    if case .string(let settings)? = json["chunking"] { chunking = ChunkingOptions(settings: settings) }
    isCancelled = json["cancelled"] == .bool(true)
  }
}

/// A file of a base with its state.
struct BaseFile: Sendable {
  enum State: Sendable, Equatable {
    case waiting, completed, cancelled
    case failed(String)

    var word: String {
      switch self {
      case .waiting: "in_progress"
      case .completed: "completed"
      case .cancelled: "cancelled"
      case .failed: "failed"
      }
    }
  }

  var attachment: Attachment
  var state: State
  /// Bytes of the file; 0 while it is unknown.
  var byteCount: Int
  var document: StoredDocument?
}
