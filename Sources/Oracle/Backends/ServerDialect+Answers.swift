import JSON

extension ServerDialect {
  /// Reads an answer to a request for `count` inputs.
  ///
  /// - Returns: the vectors in the order of the inputs, by their indices where these name each input once.
  func answer(_ value: JSONValue, count: Int) throws(BackendError) -> BackendAnswer {
    let rows = try rows(value)
    guard rows.count == count else {
      throw .malformed(
        "the answer has \(Self.plural(rows.count, "vector")) for \(Self.plural(count, "input"))")
    }
    var encodedAsBase64 = false
    var vectors: [Observation] = []
    for row in rows {
      if case .string = row.vector { encodedAsBase64 = true }
      vectors.append(try EmbeddingJSON.observation(row.vector))
    }
    var answer = BackendAnswer(vectors: vectors, tokenCount: tokenCount(value))
    answer.isBase64 = encodedAsBase64
    if hasIndices {
      let indices = rows.map(\.index)
      answer.indices = indices
      if Set(indices.compactMap { $0 }) == Set(0..<count) {
        for (position, index) in indices.enumerated() {
          if let index { answer.vectors[index] = vectors[position] }
        }
      }
    }
    answer.inAnswerOrder = vectors
    return answer
  }

  private typealias Row = (vector: JSONValue, index: Int?)

  private func rows(_ value: JSONValue) throws(BackendError) -> [Row] {
    switch self {
    case .openAI:
      guard case .array(let data)? = value["data"] else { throw missing("a list 'data'", in: value) }
      return try data.map { element throws(BackendError) in (try vector(of: element), Self.index(of: element))
      }
    case .ollama:
      guard case .array(let vectors)? = value["embeddings"] else {
        throw missing("a list 'embeddings'", in: value)
      }
      return vectors.map { ($0, nil) }
    case .textEmbeddingsInference:
      guard case .array(let vectors) = value else { throw missing("a list of vectors", in: value) }
      return vectors.map { ($0, nil) }
    case .llamaCpp:
      guard case .array(let elements) = value else { throw missing("a list", in: value) }
      return try elements.map { element throws(BackendError) in
        let vectors = try vector(of: element)
        guard case .array(let list) = vectors, case .array? = list.first else {
          return (vectors, Self.index(of: element))
        }
        guard list.count == 1 else {
          throw .malformed(
            "the answer has \(list.count) vectors for one text, one a token: the other side does not pool; start it "
              + "with --pooling last")
        }
        return (list[0], Self.index(of: element))
      }
    }
  }

  private func vector(of element: JSONValue) throws(BackendError) -> JSONValue {
    guard let vector = element["embedding"] else {
      throw missing("'embedding' in every element", in: element)
    }
    return vector
  }

  private static func index(of element: JSONValue) -> Int? {
    if case .number(let digits)? = element["index"] { Int(digits) } else { nil }
  }

  private func tokenCount(_ value: JSONValue) -> Int? {
    let count: JSONValue? =
      switch self {
      case .openAI: value["usage"]?["prompt_tokens"]
      case .ollama: value["prompt_eval_count"]
      case .textEmbeddingsInference, .llamaCpp: nil
      }
    if case .number(let digits)? = count { return Int(digits) }
    return nil
  }

  private func missing(_ what: String, in value: JSONValue) -> BackendError {
    .malformed("the answer is not \(title)'s: it needs \(what), and is \(value.outline)")
  }

  static func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

extension JSONValue {
  /// What a sentence says of a value that was not expected: its kind, and an object's keys.
  var outline: String {
    guard case .object(let members) = self else { return kind }
    if members.isEmpty { return "an empty object" }
    let keys = members.prefix(5).map { "'\($0.key.printable(limit: 30))'" }.joined(separator: ", ")
    return "an object with \(keys)" + (members.count > 5 ? ", …" : "")
  }
}
