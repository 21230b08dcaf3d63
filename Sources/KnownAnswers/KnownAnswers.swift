import JSON

/// What others published of official models' answers; `testdata/known-answers/README.md` says where it is
/// from.
package struct KnownAnswers: Sendable {
  /// The vector of a text, or its first components.
  package struct Vector: Sendable {
    package let model: String
    package let text: String
    /// The instruction of a query; nil for a document.
    package let instruction: String?
    /// Of any length; where components are missing, those of a vector of length 1.
    package let components: [Float]
    package let isWhole: Bool
    package let source: String

    package init(
      model: String, text: String, instruction: String?, components: [Float], isWhole: Bool, source: String
    ) {
      self.model = model
      self.text = text
      self.instruction = instruction
      self.components = components
      self.isWhole = isWhole
      self.source = source
    }
  }

  /// Cosines of queries with documents, [queries][documents].
  package struct Similarities: Sendable {
    package let model: String
    package let matrix: [[Double]]
    package let source: String

    package init(model: String, matrix: [[Double]], source: String) {
      self.model = model
      self.matrix = matrix
      self.source = source
    }
  }

  package struct TokenIDs: Sendable {
    package let text: String
    /// With the end of text.
    package let ids: [Int32]

    package init(text: String, ids: [Int32]) {
      self.text = text
      self.ids = ids
    }
  }

  package struct RerankScores: Sendable {
    package let model: String
    package let query: String
    package let documents: [String]
    package let scores: [Double]
    package let source: String

    package init(model: String, query: String, documents: [String], scores: [Double], source: String) {
      self.model = model
      self.query = query
      self.documents = documents
      self.scores = scores
      self.source = source
    }
  }

  package var vectors: [Vector]
  package var similarities: [Similarities]
  /// What all ``similarities`` are of.
  package var queries: [String]
  package var documents: [String]
  package var instruction: String
  package var tokenIDs: [TokenIDs]
  package var rerankScores: [RerankScores]

  /// None.
  package init() {
    (vectors, similarities, queries, documents) = ([], [], [], [])
    (instruction, tokenIDs, rerankScores) = ("", [], [])
  }
}

extension KnownAnswers {
  /// Those that the program carries.
  package static let published: KnownAnswers = {
    // The file is a part of the program, and a test reads it.
    do { return try KnownAnswers(json: PackageResources.qwen3_json) } catch { fatalError("\(error)") }
  }()

  /// The file does not have the shape that is described above.
  package struct ShapeError: Error, CustomStringConvertible {
    package let key: String
    package var description: String { "the known answers have no usable '\(key)'" }
  }

  package init(json bytes: [UInt8]) throws {
    let file = try JSONParser.parse(bytes)
    let inputs = try Self.member("similarity_inputs", of: file) { $0 }
    vectors =
      try Self.list("vectors", of: file) {
        try Self.vector($0, text: "text", components: "embedding", isWhole: true)
      }
      + Self.list("vector_prefixes", of: file) {
        try Self.vector($0, text: "query", components: "first", isWhole: false)
      }
    similarities = try Self.list("similarities", of: file) { entry in
      Similarities(
        model: try Self.text("model", of: entry),
        matrix: try Self.list("matrix", of: entry) { try Self.numbers($0, "matrix") },
        source: try Self.text("source", of: entry))
    }
    queries = try Self.list("queries", of: inputs) { try Self.text($0, "queries") }
    documents = try Self.list("documents", of: inputs) { try Self.text($0, "documents") }
    instruction = try Self.text("instruction", of: inputs)
    tokenIDs = try Self.list("token_ids", of: file) { entry in
      TokenIDs(
        text: try Self.text("text", of: entry),
        ids: try Self.member("ids", of: entry) { try Self.numbers($0, "ids").map { Int32($0) } })
    }
    rerankScores = try Self.list("rerank_scores", of: file) { entry in
      RerankScores(
        model: try Self.text("model", of: entry), query: try Self.text("query", of: entry),
        documents: try Self.list("documents", of: entry) { try Self.text($0, "documents") },
        scores: try Self.member("scores", of: entry) { try Self.numbers($0, "scores") },
        source: try Self.text("source", of: entry))
    }
  }

  private static func vector(
    _ entry: JSONValue, text: String, components: String, isWhole: Bool
  ) throws -> Vector {
    Vector(
      model: try Self.text("model", of: entry), text: try Self.text(text, of: entry),
      instruction: entry["instruction"].flatMap { try? Self.text($0, "instruction") },
      components: try member(components, of: entry) { try numbers($0, components).map { Float($0) } },
      isWhole: isWhole, source: try Self.text("source", of: entry))
  }

  private static func member<Value>(
    _ key: String, of value: JSONValue, _ read: (JSONValue) throws -> Value
  ) throws -> Value {
    guard let member = value[key] else { throw ShapeError(key: key) }
    return try read(member)
  }

  private static func list<Element>(
    _ key: String, of value: JSONValue, _ read: (JSONValue) throws -> Element
  ) throws -> [Element] {
    guard case .array(let elements)? = value[key] else { throw ShapeError(key: key) }
    return try elements.map(read)
  }

  private static func text(_ key: String, of value: JSONValue) throws -> String {
    try member(key, of: value) { try text($0, key) }
  }

  private static func text(_ value: JSONValue, _ key: String) throws -> String {
    guard case .string(let text) = value else { throw ShapeError(key: key) }
    return text
  }

  private static func numbers(_ value: JSONValue, _ key: String) throws -> [Double] {
    guard case .array(let elements) = value else { throw ShapeError(key: key) }
    return try elements.map { element in
      guard case .number(let digits) = element, let number = Double(digits) else {
        throw ShapeError(key: key)
      }
      return number
    }
  }
}
