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
}

/// A document on its way into a store.
struct PreparedDocument: Sendable {
  var document: StoredDocument
  var text: [UInt8]
  var chunks: [Chunk]
  /// For each chunk, the key of the text that is embedded.
  var keys: [[UInt8]]
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
