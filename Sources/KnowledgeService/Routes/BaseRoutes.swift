import Chunking
import ForeignText
import Foundation
import HTTPTypes
import JSON
import Knowledge
import TouchstoneServer

/// Knowledge bases on paths of the service's own: the page asks them.
struct BaseRoutes: Sendable {
  let service: InferenceService
  let bases: BasesSource
  let limits: KnowledgeLimits

  private static let path = Route.Parameter(
    "path", isRequired: true, "The document's path, as lists have it.")

  func add(to routes: Routes) {
    let own = "/v1/knowledge/{name}"
    routes.add(.get, "/v1/knowledge", .knowledge, "The knowledge bases.", gives: "KnowledgeList") { _ in
      try await served {
        let list = try bases().all.map { base -> JSONValue in
          .object([
            .init("name", .string(base.name)), .init("vector_store_id", .string(base.id)),
            .init("label", .string(try base.label().name)),
            .init("documents", .number(try base.store.documentCount())),
          ])
        }
        return Answer(json: .object([.init("bases", .array(list))]))
      }
    }
    routes.add(
      .get, own + "/status", .knowledge,
      "What a knowledge base holds, with which model, and what it is doing.",
      gives: "KnowledgeStatus", statuses: [404]
    ) { request in
      let base = try bases().base(request.parameter("name") ?? "")
      return try await served { Answer(json: try Self.status(base)) }
    }
    routes.add(
      .get, own + "/documents", .knowledge, "The documents of a knowledge base, in the order of their paths.",
      parameters: [
        .init("limit", .count, "How many at most: 1 to 1000, 100 unless given."),
        .init("after", "The path behind which the list begins."),
        .init("filter", "path=GLOB lang=CODE type=FORMAT, with spaces between them."),
      ], gives: "KnowledgeDocuments", statuses: [400, 404]
    ) { request in
      let base = try bases().base(request.parameter("name") ?? "")
      return try await served { try Self.documents(base, request) }
    }
    routes.add(
      .get, own + "/document", .knowledge, "A document with its pieces and the text between them.",
      parameters: [
        Self.path, .init("from", .count, "The first piece, from 0."),
        .init("limit", .count, "How many pieces at most: 1 to 500, 100 unless given."),
      ], gives: "KnowledgeDocument", statuses: [400, 404]
    ) { request in
      let base = try bases().base(request.parameter("name") ?? "")
      return try await served { try Self.document(base, request) }
    }
    routes.add(
      .post, own + "/documents", .knowledge, "Upload documents; they are read in the background.",
      takes: .form("DocumentsForm"), gives: "KnowledgeUploads", most: limits.uploadBytes + (1 << 20)
    ) { request in
      let base = try bases().base(request.parameter("name") ?? "")
      return try await served { try upload(request, base) }
    }
    routes.add(
      .delete, own + "/document", .knowledge,
      "Take a document out of a knowledge base; an uploaded one is deleted too.", parameters: [Self.path],
      gives: "KnowledgeRemoval", statuses: [400, 404, 409]
    ) { request in
      let base = try bases().base(request.parameter("name") ?? "")
      return try await served { try remove(request, base) }
    }
    routes.add(
      .post, own + "/search", .knowledge, "Passages that answer a question, with the reasons.",
      takes: "KnowledgeSearchRequest", gives: "KnowledgeSearchResponse"
    ) { request in
      let base = try bases().base(request.parameter("name") ?? "")
      return try await served { try await search(base, request) }
    }
    routes.add(
      .post, own + "/reindex", .knowledge,
      "Read all documents again whose files are there; with other sizes they are cut anew.",
      takes: "ReindexRequest",
      gives: "ReindexResponse"
    ) { request in
      let base = try bases().base(request.parameter("name") ?? "")
      return try await served {
        let fields = try RequestFields(request.body)
        fields.reportUnknown(besides: ["chunk_tokens", "overlap_percent"])
        var chunking: ChunkingOptions?
        let tokens = try fields.integer("chunk_tokens", atLeast: ChunkingOptions.minimumTokens)
        let overlap = try fields.integer("overlap_percent", atLeast: 0)
        if tokens != nil || overlap != nil {
          var options = try base.store.chunking() ?? ChunkingOptions(tokens: min(400, base.context))
          options.tokens = tokens ?? options.tokens
          options.overlapPercent = overlap ?? options.overlapPercent
          guard options.tokens <= base.context else {
            throw ServiceError.invalid(
              parameter: "chunk_tokens", "is \(options.tokens), but the model takes \(base.context)")
          }
          guard options.overlapPercent <= 50 else {
            throw ServiceError.invalid(parameter: "overlap_percent", "must be 0 to 50")
          }
          chunking = options
        }
        return Answer(json: .object([.init("documents", .number(try base.reindex(chunking, service)))]))
      }
    }
  }

  // MARK: Answers

  private static func status(_ base: ServedBase) throws -> JSONValue {
    // First, so that the counts are final where there is no work.
    let underWay = base.progress
    let summary = try base.store.summary()
    let chunking = try base.store.chunking()
    let failures = try base.files().compactMap { file -> JSONValue? in
      guard case .failed(let sentence) = file.state else { return nil }
      return .object([
        .init("path", .string(file.attachment.path)), .init("filename", .string(file.attachment.filename)),
        .init("reason", .string(sentence)),
      ])
    }
    var work = JSONValue.null
    if let (waiting, progress) = underWay {
      let seconds = (ContinuousClock.now - progress.start) / .seconds(1)
      let share = Double(progress.documents) / Double(max(progress.documentCount, 1))
      work = .object([
        .init("documents", .number(progress.documents)),
        .init("of_documents", .number(max(progress.documentCount, progress.documents))),
        .init("waiting", .number(waiting)), .init("chunks_embedded", .number(progress.chunksEmbedded)),
        .init("seconds", .number((seconds * 10).rounded() / 10)),
        .init(
          "seconds_left", share > 0 && seconds > 1 ? .number((seconds / share - seconds).rounded()) : .null),
        .init("locked_out", .bool(progress.isLockedOut)),
      ])
    }
    return .object([
      .init("name", .string(base.name)), .init("vector_store_id", .string(base.id)),
      .init("documents", .number(summary.documents)), .init("chunks", .number(summary.chunks)),
      .init("tokens", .number(summary.tokens)), .init("text_bytes", .number(summary.textBytes)),
      .init("languages", .object(summary.byLanguage.map { .init($0.0, .number($0.1)) })),
      .init("model", .string(base.model.served.name)),
      .init("fingerprint", .string(base.store.model.fingerprint)),
      .init("reranker", base.reranker.map(JSONValue.string) ?? .null),
      .init("chunk_tokens", .number(chunking?.tokens ?? min(400, base.context))),
      .init("overlap_percent", .number(chunking?.overlapPercent ?? ChunkingOptions().overlapPercent)),
      .init("work", work), .init("failures", .array(Array(failures.prefix(1_000)))),
    ])
  }

  private static func documents(_ base: ServedBase, _ request: ServiceRequest) throws -> Answer {
    let limit = try Page.count(request.query, "limit", 1...1_000) ?? 100
    let after = request.query.first { $0.name == "after" }?.value
    let filter: SearchFilter
    do { filter = try SearchFilter(parsing: request.query.first { $0.name == "filter" }?.value ?? "") } catch
    {
      throw ServiceError.invalid(parameter: "filter", error.description)
    }
    let attached = try base.attachmentsByPath()
    var documents = try base.store.documents(filter)
    if let after {
      let bytes = Array(after.utf8)
      documents = documents.filter { bytes.lexicographicallyPrecedes(Array($0.path.utf8)) }
    }
    return Answer(
      json: .object([
        .init(
          "documents",
          .array(documents.prefix(limit).map { json($0, attached[$0.path]) })),
        .init("has_more", .bool(documents.count > limit)),
      ]))
  }

  private static func json(_ document: StoredDocument, _ attachment: Attachment?) -> JSONValue {
    .object([
      .init("id", .string(attachment?.fileID ?? ServedBase.fileID(ofPath: document.path))),
      .init("path", .string(document.path)),
      .init(
        "filename",
        .string(attachment?.filename ?? document.path.split(separator: "/").last.map(String.init) ?? "")),
      .init("title", document.title.map(JSONValue.string) ?? .null),
      .init("format", .string(document.format.rawValue)),
      .init("language", document.language.map(JSONValue.string) ?? .null),
      .init("pages", .number(document.pageCount)), .init("chunks", .number(document.chunkCount)),
      .init("bytes", .number(document.byteCount)), .init("is_uploaded", .bool(attachment != nil)),
      .init("warnings", .array(document.warnings.map(JSONValue.string))),
    ])
  }

  private static func asked(_ request: ServiceRequest, _ base: ServedBase) throws -> StoredDocument {
    guard let path = request.query.first(where: { $0.name == "path" })?.value, !path.isEmpty else {
      throw ServiceError.invalid(parameter: "path", "is missing")
    }
    return try base.store.document(named: path)
  }

  private static func document(_ base: ServedBase, _ request: ServiceRequest) throws -> Answer {
    let first = try Page.count(request.query, "from", 0...1 << 32) ?? 0
    let limit = try Page.count(request.query, "limit", 1...500) ?? 100
    let document = try asked(request, base)
    let text = try base.store.text(ofDocument: document.path)
    let pieces = try base.store.passages(of: document.path)
    return Answer(
      json: .object([
        .init("document", json(document, try base.attachmentsByPath()[document.path])),
        .init("bytes", .number(text.count)), .init("from", .number(first)),
        .init("pieces", .array(PieceJSON.pieces(pieces.map(PieceJSON.Piece.init), text, first, limit))),
        .init("of_pieces", .number(pieces.count)),
      ]))
  }

  private func upload(_ request: ServiceRequest, _ base: ServedBase) throws -> Answer {
    let form = try MultipartForm(request.bytes, contentType: request.headers[.contentType])
    guard !form.files.isEmpty else { throw ServiceError.invalid(parameter: "file", "is missing") }
    let bases = try bases()
    var attachments: [Attachment] = []
    for part in form.files {
      let file = try FileRoutes.keep(part, purpose: "knowledge", bases, limits)
      attachments.append(
        Attachment(fileID: file.id, path: file.path, filename: file.name, created: file.created))
    }
    do {
      try base.attach(attachments, service)
    } catch {
      for attachment in attachments { try? bases.shelf.remove(attachment.fileID) }
      throw error
    }
    return Answer(
      json: .object([
        .init(
          "documents",
          .array(
            attachments.map {
              .object([
                .init("id", .string($0.fileID)), .init("path", .string($0.path)),
                .init("filename", .string($0.filename)),
              ])
            }))
      ]))
  }

  private func remove(_ request: ServiceRequest, _ base: ServedBase) throws -> Answer {
    guard let path = request.query.first(where: { $0.name == "path" })?.value, !path.isEmpty else {
      throw ServiceError.invalid(parameter: "path", "is missing")
    }
    // A document that could not be read has no other trace than its file.
    guard let file = try base.files().first(where: { $0.attachment.path.hasBytes(of: path) }) else {
      throw ServiceError.notFound("the knowledge base has no document \(path.quoted)")
    }
    try base.detach(file.attachment.fileID)
    let bases = try bases()
    // An upload of the page belongs to its base alone.
    if let kept = try? bases.shelf.file(file.attachment.fileID), kept.purpose == "knowledge",
      try bases.all.allSatisfy({ try $0.store.note(Attachment.notePrefix + kept.id) == nil })
    {
      try bases.shelf.remove(kept.id)
    }
    return Answer(json: .object([.init("removed", .string(path))]))
  }

  // MARK: Search

  private func search(_ base: ServedBase, _ request: ServiceRequest) async throws -> Answer {
    let fields = try RequestFields(request.body)
    fields.reportUnknown(besides: ["query", "top", "mode", "filter", "rerank", "rerank_budget_ms"])
    let query = try fields.required("query", try fields.string("query"))
    try QueryCheck.check(query, "query")
    let (options, reranks) = try Self.options(fields)
    let result = try await base.opened(service, request.caller, reranks: reranks).search(query, options)
    let attached = try base.attachmentsByPath()
    let hits = result.hits.enumerated().map { rank, hit -> JSONValue in
      let passage = hit.passage
      let attachment = attached[passage.path]
      return .object(
        [
          .init("rank", .number(rank + 1)), .init("path", .string(passage.path)),
          .init(
            "filename",
            .string(attachment?.filename ?? passage.path.split(separator: "/").last.map(String.init) ?? "")),
          .init("text", .string(passage.text)),
        ] + HitJSON.place(passage) + HitJSON.why(hit))
    }
    return Answer(
      json: .object([
        .init("query", .string(query)), .init("mode", .string(options.mode.rawValue)),
        .init("reranker", reranks ? base.reranker.map(JSONValue.string) ?? .null : .null),
        .init("hits", .array(hits)), .init("unscored", .number(result.unscored)),
      ]))
  }

  /// The members that a search of the service's own has, here and in MCP.
  static func options(
    _ fields: RequestFields, usual: Int = 10, most: Int = 100
  ) throws(ServiceError) -> (SearchOptions, reranks: Bool) {
    var options = SearchOptions()
    options.top = try fields.integer("top") ?? usual
    guard options.top <= most else {
      throw .invalid(parameter: "top", "must be 1 to \(most), found \(options.top)")
    }
    options.mode =
      try fields.choice("mode", SearchOptions.Mode.allCases.map { ($0.rawValue, $0) }) ?? .hybrid
    if let filter = try fields.string("filter") {
      do { options.filter = try SearchFilter(parsing: filter) } catch {
        throw .invalid(parameter: "filter", error.description)
      }
    }
    options.rerankBudget = try fields.integer("rerank_budget_ms", atLeast: 0).map {
      .milliseconds(min($0, 600_000))
    }
    return (options, try fields.bool("rerank") ?? true)
  }
}

/// Pieces with the text between them, so that a reader sees the whole document and where it is cut.
enum PieceJSON {
  struct Piece {
    var bytes: Range<Int>
    var tokens: Int
    var pages: ClosedRange<Int>?
    var lines: ClosedRange<Int>
    var headings: [String]

    init(_ passage: Passage) {
      (bytes, tokens, pages) = (passage.bytes, passage.tokenCount, passage.pages)
      (lines, headings) = (passage.lines, passage.headings)
    }

    init(_ chunk: Chunk) {
      (bytes, tokens, pages) = (chunk.bytes, chunk.tokenCount, chunk.pages)
      (lines, headings) = (chunk.lines, chunk.headings)
    }
  }

  /// - Parameter text: of the whole document.
  static func pieces(_ pieces: [Piece], _ text: [UInt8], _ first: Int, _ limit: Int) -> [JSONValue] {
    guard first < pieces.count else { return [] }
    return (first..<min(first + limit, pieces.count)).map { index in
      let piece = pieces[index]
      let end = index == 0 ? 0 : min(pieces[index - 1].bytes.upperBound, text.count)
      let start = min(max(end, piece.bytes.lowerBound), text.count)
      // What the piece before has too is shown once, as such.
      let overlap = max(0, min(end, piece.bytes.upperBound) - piece.bytes.lowerBound)
      let tail = index + 1 == pieces.count ? piece.bytes.upperBound..<text.count : 0..<0
      return .object([
        .init("index", .number(index)), .init("start", .number(piece.bytes.lowerBound)),
        .init("end", .number(piece.bytes.upperBound)), .init("tokens", .number(piece.tokens)),
        .init("page", piece.pages.map { .number($0.lowerBound) } ?? .null),
        .init("last_page", piece.pages.map { .number($0.upperBound) } ?? .null),
        .init("line", .number(piece.lines.lowerBound)), .init("last_line", .number(piece.lines.upperBound)),
        .init("heading", .array(piece.headings.map(JSONValue.string))),
        .init("between", .string(String(decoding: text[end..<start], as: UTF8.self))),
        .init(
          "repeated",
          .string(
            String(
              decoding: text[piece.bytes.lowerBound..<piece.bytes.lowerBound + overlap], as: UTF8.self))),
        .init(
          "text",
          .string(
            String(
              decoding: text[piece.bytes.lowerBound + overlap..<piece.bytes.upperBound], as: UTF8.self))),
        .init("after", .string(String(decoding: text[tail], as: UTF8.self))),
      ])
    }
  }
}
