import Chunking
import Documents
import ForeignText
import Foundation
import HTTPTypes
import JSON
import Knowledge
import Touchstone
import TouchstoneServer

/// Documents read for others: Open WebUI's external document loader, and pieces for everybody's own store.
struct LoaderRoutes: Sendable {
  let service: InferenceService
  let limits: KnowledgeLimits

  /// A document occupies one of these threads for as long as it is read: hostile ones only each other's.
  private static let reading = WorkPool("touchstone.reading", width: 2)

  func add(to routes: Routes) {
    routes.add(
      .put, "/process", .knowledge,
      "Open WebUI's external document loader: a document in, its pages as text out.",
      parameters: [
        .init("X-Filename", isHeader: true, "The document's name, percent-encoded: it tells the format.")
      ],
      takes: .bytes, gives: "LoadedPages", most: limits.uploadBytes, on: Self.reading
    ) { request in try process(request) }
    routes.add(
      .post, "/v1/chunk", .knowledge,
      "A document's pieces with exact token counts, without any knowledge base.",
      takes: .form("ChunkForm"), gives: "ChunkResponse", most: limits.uploadBytes + (1 << 20),
      on: Self.reading
    ) { request in try chunk(request) }
  }

  private static func read(_ bytes: [UInt8], name: String) throws -> ExtractedDocument {
    let file = try TemporaryDocument(bytes, name: name)
    do throws(DocumentError) {
      return try DocumentReader().read(bytes, path: file.path)
    } catch {
      // By these words Open WebUI knows to try its own reader.
      throw ServiceError.unreadable("No extractable text: the document \(error.description)")
    }
  }

  /// `[{"page_content":…,"metadata":{…}}]`, one a page, or one for a document without pages.
  private func process(_ request: ServiceRequest) throws -> Answer {
    let given = HTTPField.Name("X-Filename").flatMap { request.headers[$0] }
    let type = request.headers[.contentType]?.split(separator: ";").first.map(String.init)
    let name = given.flatMap(\.percentDecoded) ?? "document" + (type.flatMap { Self.endings[$0] } ?? ".txt")
    let document = try Self.read(request.bytes, name: name)
    var metadata: [JSONValue.Member] = [
      .init("source", .string(name)), .init("title", .string(document.title ?? name)),
      .init("format", .string(document.format.rawValue)),
    ]
    if let language = Scripts.language(of: document.text) {
      metadata.append(.init("language", .string(language)))
    }
    if !document.pages.isEmpty { metadata.append(.init("total_pages", .number(document.pages.count))) }
    var pages: [JSONValue] = []
    if document.pages.isEmpty {
      pages.append(Self.page(document.string(0..<document.text.count), metadata))
    } else {
      for page in document.pages where !page.bytes.isEmpty {
        // LangChain counts from 0, and keeps the reader's number as a label.
        pages.append(
          Self.page(
            document.string(page.bytes),
            metadata + [
              .init("page", .number(page.number - 1)), .init("page_label", .string("\(page.number)")),
            ]))
      }
    }
    let hasText = document.text.contains { $0 > 0x20 }
    guard hasText, !pages.isEmpty else { throw ServiceError.unreadable("No extractable text") }
    return Answer(json: .array(pages))
  }

  private static func page(_ text: String, _ metadata: [JSONValue.Member]) -> JSONValue {
    .object([.init("page_content", .string(text)), .init("metadata", .object(metadata))])
  }

  /// Where no name tells the format.
  private static let endings = [
    "text/plain": ".txt", "text/markdown": ".md", "text/html": ".html", "application/pdf": ".pdf",
    "application/epub+zip": ".epub", "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
  ]

  private func chunk(_ request: ServiceRequest) throws -> Answer {
    let form = try MultipartForm(request.bytes, contentType: request.headers[.contentType])
    guard let part = form.files.first, form.files.count == 1 else {
      throw ServiceError.invalid(parameter: "file", "must be one file, found \(form.files.count)")
    }
    let model = try service.registry.model(named: try form.text("model")).model.model
    let context = model.configuration.contextLength
    let tokens = try form.count("chunk_tokens", ChunkingOptions.minimumTokens...context) ?? min(400, context)
    let overlap = try form.count("overlap_percent", 0...50) ?? ChunkingOptions().overlapPercent
    let document = try Self.read(Array(part.bytes), name: part.filename ?? "document.txt")
    let options = ChunkingOptions(tokens: tokens, overlapPercent: overlap)
    let chunks = Chunker(meter: model.tokenizer, options: options).chunks(of: document)
    return Answer(
      json: .object([
        .init("filename", .string(part.filename ?? "")), .init("format", .string(document.format.rawValue)),
        .init("title", document.title.map(JSONValue.string) ?? .null),
        .init("pages", .number(document.pages.count)), .init("bytes", .number(document.text.count)),
        .init("warnings", .array(document.warnings.map(JSONValue.string))),
        .init(
          "pieces", .array(PieceJSON.pieces(chunks.map(PieceJSON.Piece.init), document.text, 0, chunks.count))
        ),
      ]))
  }
}
