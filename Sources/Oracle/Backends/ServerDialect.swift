/// The ways in which embedding services are asked.
package enum ServerDialect: String, CaseIterable, Sendable {
  case openAI = "openai"
  case textEmbeddingsInference = "tei"
  case ollama = "ollama"
  case llamaCpp = "llama.cpp"

  package var title: String {
    switch self {
    case .openAI: "OpenAI"
    case .textEmbeddingsInference: "text-embeddings-inference"
    case .ollama: "Ollama"
    case .llamaCpp: "llama.cpp"
    }
  }

  /// Where vectors are asked for, after the base address.
  package var path: String {
    switch self {
    case .openAI: "/v1/embeddings"
    case .textEmbeddingsInference: "/embed"
    case .ollama: "/api/embed"
    case .llamaCpp: "/embedding"
    }
  }

  /// The key of the texts in a request.
  var inputKey: String {
    switch self {
    case .openAI, .ollama: "input"
    case .textEmbeddingsInference: "inputs"
    case .llamaCpp: "content"
    }
  }

  /// Where the models are listed, where a request names one.
  var modelListPath: String? {
    switch self {
    case .openAI: "/v1/models"
    case .ollama: "/api/tags"
    case .textEmbeddingsInference, .llamaCpp: nil
    }
  }

  package var takesModel: Bool { modelListPath != nil }
  package var takesTokenIDs: Bool { self != .ollama }
  package var takesDimensions: Bool { self != .llamaCpp }
  package var takesEncodingFormat: Bool { self == .openAI }
  /// Whether an answer's vectors carry the place of their text.
  package var hasIndices: Bool { self == .openAI || self == .llamaCpp }
}

/// One request for vectors.
package struct VectorRequest: Sendable {
  package var inputs: [BackendInput]
  package var dimensions: Int?
  package var usesBase64 = false

  package init(_ inputs: [BackendInput], dimensions: Int? = nil, usesBase64: Bool = false) {
    self.inputs = inputs
    self.dimensions = dimensions
    self.usesBase64 = usesBase64
  }
}
