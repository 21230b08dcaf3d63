import ForeignText
import JSON
import Knowledge
import TouchstoneServer

/// The tools that agents have: `query`, `get`, `status`.
enum MCPTools {
  enum Tool: String, CaseIterable { case query, get, status }

  struct Output {
    var text: String
    var structure: JSONValue
  }

  // MARK: Definitions

  /// - Parameter bases: their names; with several, a tool is told which.
  static func definitions(_ bases: [String]) -> [JSONValue] {
    [
      definition(
        .query, "Search documents",
        "Find passages in the user's documents that answer a question, by meaning and by words, in any language. Each "
          + "passage has its document, page or line, and headings.",
        [
          ("query", string("The question, or words to look for.")),
          ("top", integer("How many passages, 5 unless given.", 1...50)),
          (
            "mode",
            .object([
              .init("type", .string("string")),
              .init("enum", .array(SearchOptions.Mode.allCases.map { .string($0.rawValue) })),
              .init("description", .string("hybrid unless given; keywords for exact words and numbers.")),
            ])
          ),
          (
            "filter",
            string("Only some documents: path=GLOB lang=CODE type=FORMAT, with spaces between them.")
          ),
        ], required: ["query"], bases),
      definition(
        .get, "Read a document",
        "Read pieces of one document in their order, for example around a passage that query found.",
        [
          ("document", string("The document's path as query gives it, or the end of it.")),
          ("from", integer("The first piece, counted from 0; 0 unless given.", 0...1 << 30)),
          ("count", integer("How many pieces, 10 unless given.", 1...50)),
        ], required: ["document"], bases),
      definition(
        .status, "Describe the documents",
        "How many documents there are, in which languages, and which could not be read.", [], required: [],
        bases),
    ]
  }

  private static func definition(
    _ tool: Tool, _ title: String, _ description: String, _ properties: [(String, JSONValue)],
    required: [String], _ bases: [String]
  ) -> JSONValue {
    var members = properties.map { JSONValue.Member($0.0, $0.1) }
    if bases.count > 1 {
      members.append(
        .init(
          "base",
          .object([
            .init("type", .string("string")), .init("enum", .array(bases.map(JSONValue.string))),
            .init("description", .string("Which knowledge base; the first unless given.")),
          ])))
    }
    return .object([
      .init("name", .string(tool.rawValue)), .init("title", .string(title)),
      .init("description", .string(description)),
      .init(
        "inputSchema",
        .object([
          .init("type", .string("object")), .init("properties", .object(members)),
          .init("required", .array(required.map(JSONValue.string))),
        ])),
      .init(
        "annotations",
        .object([.init("readOnlyHint", .bool(true)), .init("openWorldHint", .bool(false))])),
    ])
  }

  private static func string(_ description: String) -> JSONValue {
    .object([.init("type", .string("string")), .init("description", .string(description))])
  }

  private static func integer(_ description: String, _ range: ClosedRange<Int>) -> JSONValue {
    .object([
      .init("type", .string("integer")), .init("minimum", .number(range.lowerBound)),
      .init("maximum", .number(range.upperBound)), .init("description", .string(description)),
    ])
  }

  // MARK: Calls

  static func call(_ tool: Tool, _ fields: RequestFields, _ bases: [BaseAccess]) async throws -> Output {
    let name = try fields.string("base")
    guard let base = name.map({ name in bases.first { $0.name.hasBytes(of: name) } }) ?? bases.first else {
      throw ServiceError.invalid(
        parameter: "base", "is none of \(bases.map(\.name).quotedList())")
    }
    switch tool {
    case .query: return try await query(fields, base)
    case .get: return try get(fields, base)
    case .status: return try status(base)
    }
  }

  private static func query(_ fields: RequestFields, _ base: BaseAccess) async throws -> Output {
    let query = try fields.required("query", try fields.string("query"))
    try QueryCheck.check(query, "query")
    var (options, reranks) = try BaseRoutes.options(fields, usual: 5, most: 50)
    var base = base
    if !reranks { base.reranker = nil }
    if base.model == nil { options.mode = .keywords }
    let result = try await base.search(query, options)
    var text = ""
    for (index, hit) in result.hits.enumerated() {
      text += "[\(index + 1)] \(place(hit.passage))\n\(hit.passage.text)\n\n"
    }
    if result.hits.isEmpty { text = "Nothing was found.\n" }
    if result.unscored > 0 {
      text += "(\(result.unscored) passages were not reranked in time.)\n"
    }
    let hits = result.hits.map { hit -> JSONValue in
      .object(
        [.init("document", .string(hit.passage.path)), .init("text", .string(hit.passage.text))]
          + HitJSON.place(hit.passage) + HitJSON.why(hit))
    }
    return Output(
      text: text,
      structure: .object([.init("hits", .array(hits)), .init("unscored", .number(result.unscored))]))
  }

  private static func get(_ fields: RequestFields, _ base: BaseAccess) throws -> Output {
    let name = try fields.required("document", try fields.string("document"))
    guard name.utf8.count <= 4_096 else { throw ServiceError.invalid(parameter: "document", "is too long") }
    let first = try fields.integer("from", atLeast: 0) ?? 0
    let count = try fields.integer("count") ?? 10
    guard count <= 50 else {
      throw ServiceError.invalid(parameter: "count", "must be 1 to 50, found \(count)")
    }
    let document = try base.store.document(named: name)
    let pieces = try base.store.passages(of: document.path)
    let shown = first < pieces.count ? Array(pieces[first..<min(pieces.count, first + count)]) : []
    var text = "\(Self.name(document.path))\(document.title.map { ": \($0)" } ?? "")\n"
    text +=
      shown.isEmpty
      ? "It has \(pieces.count) pieces, counted from 0.\n"
      : "Pieces \(first) to \(first + shown.count - 1) of \(pieces.count).\n"
    for passage in shown { text += "\n(\(place(passage, named: false)))\n\(passage.text)\n" }
    return Output(
      text: text,
      structure: .object([
        .init("document", .string(document.path)), .init("from", .number(first)),
        .init("ofPieces", .number(pieces.count)),
        .init(
          "pieces",
          .array(
            shown.map { .object([.init("text", .string($0.text))] + HitJSON.place($0)) })),
      ]))
  }

  private static func status(_ base: BaseAccess) throws -> Output {
    let summary = try base.store.summary()
    let failures = try base.store.failures()
    let languages = summary.byLanguage.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    var text = "\(base.name): \(summary.documents) documents"
    text += languages.isEmpty ? "" : " (\(languages))"
    text += ", \(summary.chunks) pieces.\n"
    for failure in failures.prefix(20) { text += "Not read: \(Self.name(failure.path)) \(failure.reason)\n" }
    return Output(
      text: text,
      structure: .object([
        .init("base", .string(base.name)), .init("documents", .number(summary.documents)),
        .init("pieces", .number(summary.chunks)),
        .init("languages", .object(summary.byLanguage.map { .init($0.0, .number($0.1)) })),
        .init("model", .string(base.store.model.name)),
        .init(
          "failures",
          .array(
            failures.prefix(100).map {
              .object([.init("path", .string($0.path)), .init("reason", .string($0.reason))])
            })),
      ]))
  }

  /// `papers/a.pdf, page 3: Returns > Deadlines`
  private static func place(_ passage: Passage, named: Bool = true) -> String {
    var text = named ? name(passage.path) + ", " : ""
    text += passage.pages.map { "page \($0.lowerBound)" } ?? "line \(passage.lines.lowerBound)"
    if !passage.headings.isEmpty { text += ": " + passage.headings.joined(separator: " > ") }
    return text
  }

  /// What an agent calls a document: its path, or of an uploaded file the name that the client gave it.
  private static func name(_ path: String) -> String {
    let parts = path.split(separator: "/")
    guard parts.count >= 3, parts[parts.count - 2] == "content", parts[parts.count - 3].hasPrefix("file-")
    else { return path }
    return String(parts[parts.count - 1])
  }
}
