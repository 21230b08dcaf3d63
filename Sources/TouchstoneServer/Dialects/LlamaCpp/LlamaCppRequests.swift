import JSON
import Touchstone

/// The body of llama.cpp's `/embedding`.
package struct LlamaCppEmbeddingRequest: Equatable, Sendable {
  package var embedding: EmbeddingRequest
  package var normalization: LlamaCppNormalization

  package init(_ fields: RequestFields) throws(ServiceError) {
    let name = fields.contains("input") ? "input" : "content"
    guard fields.contains(name) else {
      throw .malformed("the body must have 'content' or 'input', but has neither")
    }
    normalization = try fields.llamaCppNormalization()
    embedding = EmbeddingRequest(
      model: try fields.string("model"), inputs: try fields.llamaCppPrompts(name), role: try fields.role(),
      truncation: try fields.truncation(), dimensions: try fields.dimensions(),
      normalization: normalization.engineNormalization)
  }
}

/// The body of llama.cpp's `/tokenize`.
package struct LlamaCppTokenizeRequest: Equatable, Sendable {
  package var model: String?
  package var text: String
  package var addsSpecialTokens: Bool
  package var readsSpecialTokens: Bool
  package var withPieces: Bool

  package init(_ fields: RequestFields) throws(ServiceError) {
    model = try fields.string("model")
    text = try fields.required("content", try fields.string("content"))
    addsSpecialTokens = try fields.bool("add_special") ?? false
    readsSpecialTokens = try fields.bool("parse_special") ?? true
    withPieces = try fields.bool("with_pieces") ?? false
  }
}

/// The body of llama.cpp's `/detokenize`.
package struct LlamaCppDetokenizeRequest: Equatable, Sendable {
  package var model: String?
  package var ids: [Int32]

  package init(_ fields: RequestFields) throws(ServiceError) {
    model = try fields.string("model")
    let value = try fields.required("tokens", fields["tokens"])
    guard case .array(let elements) = value else {
      throw fields.mismatch("tokens", needed: "an array of token ids", found: value)
    }
    ids = try fields.tokenIDs("tokens", elements)
  }
}

extension RequestFields {
  /// llama.cpp's prompts: a text, ids, `{"prompt_string": text}`, or an array of these.
  fileprivate func llamaCppPrompts(_ name: String) throws(ServiceError) -> RequestInputs {
    guard let value = self[name] else { return try inputs(name) }
    if case .object = value { return RequestInputs([.text(try promptString(name, value))], isSingle: true) }
    guard case .array(let elements) = value, elements.contains(where: { $0.kind == "an object" }) else {
      return try inputs(name)
    }
    var contents: [EmbeddingInput.Content] = []
    for (index, element) in elements.enumerated() {
      let place = "\(name)[\(index)]"
      if case .object = element {
        contents.append(.text(try promptString(place, element)))
      } else {
        contents.append(try input(place, element))
      }
    }
    return RequestInputs(contents, isSingle: false)
  }

  private func promptString(_ name: String, _ value: JSONValue) throws(ServiceError) -> String {
    let prompt = try RequestFields(value, prefix: path(name) + ".")
    guard !prompt.contains("multimodal_data") else {
      throw prompt.invalid("multimodal_data", "is for models that see or hear; this service embeds text")
    }
    return try prompt.required("prompt_string", try prompt.string("prompt_string"))
  }
}
