import Chunking
import ForeignText
import Foundation
import HTTPTypes
import JSON
import Knowledge
import TouchstoneServer

/// OpenAI's vector stores: knowledge bases under the words of its clients.
struct VectorStoreRoutes: Sendable {
  let service: InferenceService
  let bases: BasesSource

  func add(to routes: Routes) {
    routes.add(
      .post, "/v1/vector_stores", .openAI, "Make a vector store.", takes: "VectorStoreRequest",
      gives: "VectorStore",
      statuses: [404, 409]
    ) { request in
      try await served { try make(RequestFields(request.body)) }
    }
    routes.add(
      .get, "/v1/vector_stores", .openAI, "The vector stores.", parameters: Page.parameters,
      gives: "VectorStoreList", statuses: [400]
    ) { request in
      let page = try Page(request.query)
      return try await served {
        let stores = try bases().all.map { ($0, try $0.label()) }
          .sorted { ($0.1.created, $0.0.id) < ($1.1.created, $1.0.id) }
        return Answer(json: try page.list(stores, id: \.0.id) { try Self.json($0.0, $0.1) })
      }
    }
    routes.add(
      .get, "/v1/vector_stores/{id}", .openAI, "A vector store.", gives: "VectorStore", statuses: [404]
    ) { request in
      let base = try bases().base(request.parameter("id") ?? "")
      return try await served { Answer(json: try Self.json(base, try base.label())) }
    }
    routes.add(
      .post, "/v1/vector_stores/{id}", .openAI, "Change the name and the metadata of a vector store.",
      takes: "VectorStoreRequest", gives: "VectorStore"
    ) { request in
      let base = try bases().base(request.parameter("id") ?? "")
      return try await served {
        let fields = try RequestFields(request.body)
        fields.reportUnknown(besides: ["name", "description", "metadata"])
        var label = try base.label()
        try Self.read(fields, &label)
        try base.setLabel(label)
        return Answer(json: try Self.json(base, label))
      }
    }
    routes.add(
      .delete, "/v1/vector_stores/{id}", .openAI,
      "Delete a vector store that a client has made. Its files stay.", gives: "Deleted", statuses: [404, 409]
    ) { request in
      let all = try bases()
      let base = try all.base(request.parameter("id") ?? "")
      try await served { try await all.delete(base) }
      return Answer(json: Deleted.json(base.id, "vector_store.deleted"))
    }
    routes.add(
      .post, "/v1/vector_stores/{id}/search", .openAI, "Passages that answer a question.",
      takes: "VectorStoreSearchRequest", gives: "VectorStoreSearchResponse"
    ) { request in
      let base = try bases().base(request.parameter("id") ?? "")
      return try await served { try await search(base, RequestFields(request.body), request) }
    }
  }

  // MARK: Stores

  private func make(_ fields: RequestFields) throws -> Answer {
    fields.reportUnknown(besides: ["name", "description", "metadata", "file_ids", "chunking_strategy"])
    var label = ServedBase.Label(name: "", created: Int(Date().timeIntervalSince1970))
    try Self.read(fields, &label)
    let all = try bases()
    let files = try (try fields.strings("file_ids") ?? []).map { try all.shelf.file($0) }
    let base = try all.make()
    let chunking = try fields.chunking(context: base.context)
    try base.setLabel(label)
    try base.attach(
      files.map { file in
        var attachment = Attachment(
          fileID: file.id, path: file.path, filename: file.name, created: label.created)
        attachment.chunking = chunking
        return attachment
      }, service)
    return Answer(json: try Self.json(base, label))
  }

  private static func read(_ fields: RequestFields, _ label: inout ServedBase.Label) throws(ServiceError) {
    if let name = try fields.string("name") { label.name = try short(name, "name", 256) }
    if let text = try fields.string("description") {
      label.description = try short(text, "description", 2_048)
    }
    if let metadata = fields["metadata"] {
      label.metadata = try FileAttributes(metadata, name: "metadata", textsOnly: true)
    }
  }

  private static func short(_ text: String, _ name: String, _ limit: Int) throws(ServiceError) -> String {
    guard text.utf8.count <= limit else {
      throw .invalid(parameter: name, "has \(text.utf8.count) bytes, and may have \(limit)")
    }
    return text
  }

  private static func json(_ base: ServedBase, _ label: ServedBase.Label) throws -> JSONValue {
    let files = try base.files()
    func count(_ word: String) -> Int { files.count { $0.state.word == word } }
    var members: [JSONValue.Member] = [
      .init("id", .string(base.id)), .init("object", .string("vector_store")),
      .init("created_at", .number(label.created)), .init("name", .string(label.name)),
      .init("usage_bytes", .number(try base.store.summary().textBytes)),
      .init(
        "file_counts",
        .object(
          ["in_progress", "completed", "failed", "cancelled"].map { .init($0, .number(count($0))) }
            + [.init("total", .number(files.count))])),
      .init("status", .string(count("in_progress") > 0 ? "in_progress" : "completed")),
      .init("expires_after", .null), .init("expires_at", .null),
      .init("last_active_at", .number(files.map(\.attachment.created).max() ?? label.created)),
      .init("metadata", label.metadata.json),
    ]
    if let description = label.description { members.append(.init("description", .string(description))) }
    return .object(members)
  }

  // MARK: Search

  static let mostResults = 50

  private func search(_ base: ServedBase, _ fields: RequestFields, _ request: ServiceRequest) async throws
    -> Answer
  {
    // The service has no model that writes.
    fields.reportUnknown(besides: ["query", "filters", "max_num_results", "ranking_options"])
    let queries = try fields.required("query", try fields.stringOrStrings("query"))
    guard queries.count <= 16 else {
      throw ServiceError.invalid(parameter: "query", "has \(queries.count) questions, and may have 16")
    }
    for query in queries { try QueryCheck.check(query, "query") }
    var options = SearchOptions()
    options.top = try fields.integer("max_num_results") ?? 10
    guard options.top <= Self.mostResults else {
      throw ServiceError.invalid(
        parameter: "max_num_results", "must be 1 to \(Self.mostResults), found \(options.top)")
    }
    let ranking = try fields.nested("ranking_options") { (ranking) throws(ServiceError) in
      try Ranking(ranking)
    }
    options.rerankBudget = ranking?.budget
    let condition = try fields.nested("filters") { (fields) throws(ServiceError) in
      try DocumentCondition(openAI: fields)
    }
    options.filter.documents = try base.documents(where: condition)
    let access = try base.opened(service, request.caller, reranks: ranking?.reranks ?? true)
    var hits: [(hit: SearchHit, score: Double)] = []
    var unscored = 0
    for query in queries {
      let result = try await access.search(query, options)
      unscored += result.unscored
      hits += zip(result.hits, HitScores.scores(result.hits)).map { ($0, $1) }
    }
    if queries.count > 1 {
      // The best of each passage over all questions.
      var known: Set<Int64> = []
      hits = hits.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
        .map(\.element).filter { known.insert($0.hit.passage.id).inserted }
      hits = Array(hits.prefix(options.top))
    }
    let threshold = ranking?.threshold ?? 0
    let attached = try base.attachmentsByPath()
    return Answer(
      json: .object([
        .init("object", .string("vector_store.search_results.page")),
        .init("search_query", .array(queries.map(JSONValue.string))),
        .init(
          "data",
          .array(
            hits.filter { $0.score >= threshold }.map { hit, score in
              Self.json(hit, score, attached[hit.passage.path])
            })),
        .init("has_more", .bool(false)), .init("next_page", .null),
        .init("unscored", .number(unscored)),
      ]))
  }

  private static func json(_ hit: SearchHit, _ score: Double, _ attachment: Attachment?) -> JSONValue {
    let passage = hit.passage
    let filename = attachment?.filename ?? passage.path.split(separator: "/").last.map(String.init) ?? ""
    return .object(
      [
        .init("file_id", .string(attachment?.fileID ?? ServedBase.fileID(ofPath: passage.path))),
        .init("filename", .string(filename)), .init("score", .number(score)),
        .init("attributes", attachment?.attributes.json ?? .object([])),
        .init(
          "content",
          .array([.object([.init("type", .string("text")), .init("text", .string(passage.text))])])),
      ] + HitJSON.place(passage) + HitJSON.why(hit))
  }

  private struct Ranking {
    var reranks = true
    var threshold = 0.0
    /// An extension.
    var budget: Duration?

    init(_ fields: RequestFields) throws(ServiceError) {
      fields.reportUnknown(besides: ["ranker", "score_threshold", "budget_ms"])
      if let ranker = try fields.string("ranker") { reranks = !ranker.hasBytes(of: "none") }
      if let value = fields["score_threshold"] {
        guard case .number(let digits) = value, let number = Double(digits), (0...1).contains(number) else {
          throw .invalid(parameter: "score_threshold", "must be a number from 0 to 1")
        }
        threshold = number
      }
      budget = try fields.integer("budget_ms", atLeast: 0).map { .milliseconds(min($0, 600_000)) }
    }
  }
}

extension RequestFields {
  /// OpenAI's `chunking_strategy`: `auto`, or `static` with its sizes. nil: as the base cuts.
  func chunking(context: Int) throws(ServiceError) -> ChunkingOptions? {
    let found: ChunkingOptions?? = try nested("chunking_strategy") { (fields) throws(ServiceError) in
      let isStatic = try fields.choice("type", [("auto", false), ("static", true)]) ?? false
      guard isStatic else { return nil }
      let sizes: (tokens: Int, overlap: Int)? = try fields.nested("static") { (sizes) throws(ServiceError) in
        let tokens = try sizes.required(
          "max_chunk_size_tokens",
          try sizes.integer("max_chunk_size_tokens", atLeast: ChunkingOptions.minimumTokens))
        guard tokens <= context else {
          throw .invalid(parameter: "max_chunk_size_tokens", "is \(tokens), but the model takes \(context)")
        }
        let overlap = try sizes.integer("chunk_overlap_tokens", atLeast: 0) ?? 0
        guard overlap <= tokens / 2 else {
          throw .invalid(parameter: "chunk_overlap_tokens", "must be at most half of max_chunk_size_tokens")
        }
        return (tokens, overlap)
      }
      let (tokens, overlap) = try fields.required("static", sizes)
      return ChunkingOptions(tokens: tokens, overlapPercent: 100 * overlap / tokens)
    }
    return found ?? nil
  }
}

/// What a question may be.
enum QueryCheck {
  static let byteLimit = 32 << 10

  static func check(_ query: String, _ name: String) throws(ServiceError) {
    guard query.utf8.count <= byteLimit else {
      throw .invalid(parameter: name, "has \(query.utf8.count) bytes, and may have \(byteLimit)")
    }
    guard query.utf8.contains(where: { $0 > 0x20 }) else { throw .invalid(parameter: name, "is empty") }
  }
}

/// Scores from 0 to 1 for clients that want them.
enum HitScores {
  /// A reranker's probability, or else the cosine, not below 0. A passage that only keywords found is no
  /// nearer than those that vectors found, so it has the least of their cosines.
  static func scores(_ hits: [SearchHit]) -> [Double] {
    let least = hits.compactMap(\.cosine).min() ?? 0
    return hits.map { hit in
      if let logits = hit.rerankScore { return 1 / (1 + exp(-logits)) }
      return min(1, max(0, hit.cosine ?? least))
    }
  }
}

/// The members of a hit that say where and why.
enum HitJSON {
  static func place(_ passage: Passage) -> [JSONValue.Member] {
    [
      .init("page", passage.pages.map { .number($0.lowerBound) } ?? .null),
      .init("last_page", passage.pages.map { .number($0.upperBound) } ?? .null),
      .init("line", .number(passage.lines.lowerBound)), .init("last_line", .number(passage.lines.upperBound)),
      .init("heading", .array(passage.headings.map(JSONValue.string))),
      .init("start", .number(passage.bytes.lowerBound)), .init("end", .number(passage.bytes.upperBound)),
      .init("tokens", .number(passage.tokenCount)),
      .init("title", passage.title.map(JSONValue.string) ?? .null),
      .init("language", passage.language.map(JSONValue.string) ?? .null),
    ]
  }

  static func why(_ hit: SearchHit) -> [JSONValue.Member] {
    [
      .init("cosine", hit.cosine.map { .number($0) } ?? .null),
      .init("keyword_rank", hit.keywordRank.map { .number($0) } ?? .null),
      .init("fused_rank", .number(hit.fusedRank)),
      .init("rerank_score", hit.rerankScore.map { .number($0) } ?? .null),
    ]
  }
}
