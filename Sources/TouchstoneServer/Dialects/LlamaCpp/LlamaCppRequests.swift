import JSON
import Touchstone

/// The body of llama.cpp's `/embedding`.
package struct LlamaCppEmbeddingRequest: Sendable {
  package var embedding: EmbeddingRequest
  package var normalization: LlamaCppNormalization

  package init(_ body: RequestBody, queryRole: EmbeddingRole) throws(ServiceError) {
    let fields = try RequestFields(body)
    fields.reportUnknown(
      besides: ["content", "input", "embd_normalize", "model", "dimensions"] + RequestFields.truncationNames
        + RequestFields.roleNames)
    let name = fields["input"] == nil ? "content" : "input"
    let role = try fields.role(queryRole: queryRole)
    normalization = try LlamaCppNormalization(fields)
    embedding = EmbeddingRequest(
      model: try fields.string("model"), inputs: try fields.llamaCppPrompts(name, role: role))
    embedding.truncation = try fields.directedTruncation()
    embedding.dimensions = try fields.integer("dimensions")
    embedding.normalization = normalization.engineNormalization
  }
}

/// The body of llama.cpp's `/tokenize`.
package struct LlamaCppTokenizeRequest: Equatable, Sendable {
  package var model: String?
  package var text: String
  package var addsSpecialTokens: Bool
  package var readsSpecialTokens: Bool
  package var withPieces: Bool

  package init(_ body: RequestBody) throws(ServiceError) {
    let fields = try RequestFields(body)
    fields.reportUnknown(besides: ["content", "add_special", "parse_special", "with_pieces", "model"])
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

  package init(_ body: RequestBody) throws(ServiceError) {
    let fields = try RequestFields(body)
    fields.reportUnknown(besides: ["tokens", "model"])
    model = try fields.string("model")
    ids = try RequestFields.tokenIDs("tokens", try fields.required("tokens", fields["tokens"]))
  }
}

extension RequestFields {
  /// llama.cpp's prompts: a text, ids, `{"prompt_string": text}`, or an array of these.
  fileprivate func llamaCppPrompts(_ name: String, role: EmbeddingRole) throws(ServiceError)
    -> [EmbeddingInput]
  {
    let value = try required(name, self[name])
    if case .object = value { return [EmbeddingInput(try promptString(name, value), as: role)] }
    guard case .array(let elements) = value, elements.contains(where: \.isObject) else {
      return try inputs(name, role: role)
    }
    var inputs: [EmbeddingInput] = []
    for (index, element) in elements.enumerated() {
      let place = "\(name)[\(index)]"
      if let text = text(element) {
        inputs.append(EmbeddingInput(text, as: role))
      } else if case .object = element {
        inputs.append(EmbeddingInput(try promptString(place, element), as: role))
      } else {
        inputs.append(EmbeddingInput(.tokenIDs(try Self.tokenIDs(place, element)), as: role))
      }
    }
    return inputs
  }

  private func promptString(_ name: String, _ value: JSONValue) throws(ServiceError) -> String {
    try nested(name, value) { prompt throws(ServiceError) in
      prompt.reportUnknown(besides: ["prompt_string", "multimodal_data"])
      // Not to be ignored: the vector would be of something else.
      if let data = prompt["multimodal_data"], data != .array([]) {
        throw .invalid(parameter: "multimodal_data", "images and sounds cannot be embedded here; send text")
      }
      return try prompt.required("prompt_string", try prompt.string("prompt_string"))
    }
  }
}

extension JSONValue {
  fileprivate var isObject: Bool {
    if case .object = self { true } else { false }
  }
}
