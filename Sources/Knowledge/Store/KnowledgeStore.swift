import Chunking
import ForeignText

/// What a document is in a store.
package struct StoredDocument: Sendable, Equatable {
  package var path: String
  package var byteCount: Int
  package var modificationTime: Int
  package var sha256: String
  package var format: DocumentFormat
  package var title: String?
  package var language: String?
  package var pageCount: Int
  /// How it was read and cut; another key means that it is cut again.
  package var chunkingKey: String
  package var warnings: [String]
  package var chunkCount: Int

  package init(
    path: String, byteCount: Int, modificationTime: Int, sha256: String, format: DocumentFormat,
    title: String?, language: String?, pageCount: Int, chunkingKey: String, warnings: [String],
    chunkCount: Int
  ) {
    self.path = path
    self.byteCount = byteCount
    self.modificationTime = modificationTime
    self.sha256 = sha256
    self.format = format
    self.title = title
    self.language = language
    self.pageCount = pageCount
    self.chunkingKey = chunkingKey
    self.warnings = warnings
    self.chunkCount = chunkCount
  }
}

/// A document on its way into a store.
package struct PreparedDocument: Sendable {
  package var document: StoredDocument
  package var text: [UInt8]
  package var chunks: [Chunk]
  /// For each chunk, the key of the text that is embedded.
  package var keys: [[UInt8]]

  package init(document: StoredDocument, text: [UInt8], chunks: [Chunk], keys: [[UInt8]]) {
    self.document = document
    self.text = text
    self.chunks = chunks
    self.keys = keys
  }
}

/// Which documents a search is about. Kinds are joined by and, the values of a kind by or.
package struct SearchFilter: Sendable, Equatable {
  /// Globs of the whole path, or of its end behind a slash: `papers/*`, `*.pdf`.
  package var paths: [String] = []
  package var languages: [String] = []
  package var formats: [String] = []
  /// The whole paths of documents, of which it must be one. nil: any.
  package var documents: [String]?

  package init() {}

  package var isEmpty: Bool {
    paths.isEmpty && languages.isEmpty && formats.isEmpty && documents == nil
  }

  /// `path=papers/* lang=zh`, divided by spaces.
  package init(parsing text: String) throws(KnowledgeError) {
    for part in text.split(separator: " ") {
      guard let equals = part.firstIndex(of: "="), part.index(after: equals) != part.endIndex else {
        throw .option("the filter \(String(part).quoted) is not NAME=VALUE; names are path, lang and type")
      }
      let value = String(part[part.index(after: equals)...])
      switch part[..<equals] {
      case "path": paths.append(value)
      case "lang": languages.append(value.lowercased())
      case "type":
        guard DocumentFormat(rawValue: value.lowercased()) != nil else {
          throw .option(
            "the filter has type \(value.quoted); types are "
              + DocumentFormat.allCases.map(\.rawValue).joined(separator: ", "))
        }
        formats.append(value.lowercased())
      default:
        throw .option("the filter has \(String(part[..<equals]).quoted); names are path, lang and type")
      }
    }
  }
}

/// A piece that was found, with its document.
package struct Passage: Sendable, Equatable {
  package var id: Int64
  package var path: String
  package var title: String?
  package var language: String?
  package var headings: [String]
  package var bytes: Range<Int>
  package var pages: ClosedRange<Int>?
  package var lines: ClosedRange<Int>
  package var tokenCount: Int
  package var text: String

  package init(
    id: Int64, path: String, title: String?, language: String?, headings: [String], bytes: Range<Int>,
    pages: ClosedRange<Int>?, lines: ClosedRange<Int>, tokenCount: Int, text: String
  ) {
    self.id = id
    self.path = path
    self.title = title
    self.language = language
    self.headings = headings
    self.bytes = bytes
    self.pages = pages
    self.lines = lines
    self.tokenCount = tokenCount
    self.text = text
  }
}

/// Where passages come from: the embedded store, or a server's.
///
/// Both lists hold the best `limit` passages that pass the filter, best first, equal ones by their id.
package protocol PassageSource: Sendable {
  var model: ModelIdentity { get }
  func nearest(to query: [Float], filter: SearchFilter, limit: Int) async throws -> [(
    id: Int64, cosine: Double
  )]
  func keywordMatches(_ query: String, filter: SearchFilter, limit: Int) async throws -> [Int64]
  func passages(_ ids: [Int64]) async throws -> [Int64: Passage]
}
