import JSON

/// The shapes of requests and answers, as JSON Schema, each dialect in a file.
enum DescriptionSchemas {
  /// All of them by name.
  static func all() throws(JSONSyntaxError) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    for text in [common, openAI, textEmbeddingsInference, ollama, llamaCpp, rerank, operations] {
      guard case .object(let own) = try JSONParser.parse(Array(text.utf8)) else { continue }
      members += own
    }
    return members
  }
}
