import ForeignText
import JSON
import Touchstone

/// The body of Cohere's `/v2/embed`.
package struct CohereEmbedRequest: Sendable {
  package enum Encoding: String, CaseIterable, Sendable {
    case float
    case base64
  }

  package var embedding: EmbeddingRequest
  package var texts: [String]
  /// How each vector is written, in the order of the request.
  package var encodings: [Encoding]

  package init(_ body: RequestBody, queryRole: EmbeddingRole) throws(ServiceError) {
    let fields = try RequestFields(body)
    fields.reportUnknown(
      besides: [
        "model", "texts", "inputs", "images", "embedding_types", "output_dimension", "max_tokens", "truncate",
        "input_type", "instruct",
      ])
    if let images = fields["images"], images != .array([]) {
      throw .invalid(parameter: "images", "images cannot be embedded here; send texts")
    }
    texts =
      try fields["texts"] == nil ? fields.cohereInputs() : fields.required("texts", fields.strings("texts"))
    let role = try fields.role(queryRole: queryRole)
    embedding = EmbeddingRequest(
      model: try fields.string("model"), inputs: texts.map { EmbeddingInput($0, as: role) })
    embedding.dimensions = try fields.integer("output_dimension")
    embedding.maximumTokens = try fields.integer("max_tokens")
    // As at Cohere, the end of what does not fit is cut off unless the request says otherwise.
    embedding.truncation = try fields.choice("truncate", RequestFields.truncateWords) ?? .right
    encodings = try fields.cohereEncodings()
  }
}

extension RequestFields {
  /// `inputs`: `[{"content":[{"type":"text","text":"…"}]}]`, each with one text.
  fileprivate func cohereInputs() throws(ServiceError) -> [String] {
    guard let value = self["inputs"] else { throw missing("texts") }
    guard case .array(let elements) = value, !elements.isEmpty else {
      throw Self.mismatch("inputs", "an array of objects with 'content', at least one", value)
    }
    var texts: [String] = []
    for (index, element) in elements.enumerated() {
      let place = "inputs[\(index)]"
      texts.append(
        try nested(place, element) { input throws(ServiceError) in
          guard case .array(let parts)? = input["content"], parts.count == 1 else {
            throw .invalid(parameter: "content", "must be an array of one text; images are not embedded here")
          }
          return try input.nested("content[0]", parts[0]) { part throws(ServiceError) in
            try part.required("text", try part.string("text"))
          }
        })
    }
    return texts
  }

  fileprivate func cohereEncodings() throws(ServiceError) -> [CohereEmbedRequest.Encoding] {
    guard let names = try strings("embedding_types") else { return [.float] }
    var encodings: [CohereEmbedRequest.Encoding] = []
    for (index, name) in names.enumerated() {
      guard
        let encoding = CohereEmbedRequest.Encoding.allCases.first(where: { $0.rawValue.hasBytes(of: name) })
      else { throw .invalid(parameter: "embedding_types[\(index)]", "must be 'float' or 'base64'") }
      if !encodings.contains(encoding) { encodings.append(encoding) }
    }
    return encodings
  }
}

enum CohereRoutes {
  static func add(to routes: Routes) {
    let service = routes.service
    routes.post(
      "/v2/embed", .cohere, "Texts to vectors, in Cohere's shape.", takes: "CohereEmbedRequest",
      gives: "CohereEmbedResponse"
    ) { request in
      let wanted = try CohereEmbedRequest(request.body, queryRole: service.settings.queryRole)
      let answer = try await service.embed(wanted.embedding, for: request.caller)
      return Answer(bytes: CohereResponse.embeddings(answer, wanted, id: request.id)).reporting(answer)
    }
  }
}

/// What Cohere answers, as JSON.
package enum CohereResponse {
  package static func embeddings(
    _ answer: EmbeddingAnswer, _ wanted: CohereEmbedRequest, id: String
  ) -> [UInt8] {
    var json = [UInt8]("{\"id\":".utf8)
    json.append(json: id)
    json.append(",\"embeddings\":{")
    for (index, encoding) in wanted.encodings.enumerated() {
      if index > 0 { json.append(",") }
      json.append("\"\(encoding.rawValue)\":")
      json.append(jsonArray: answer.results) { json, embedding in
        switch encoding {
        case .float: json.append(json: embedding.values[...])
        case .base64: json.append(base64: embedding.values)
        }
      }
    }
    json.append("},\"texts\":")
    json.append(jsonArray: wanted.texts) { $0.append(json: $1) }
    json.append(
      ",\"meta\":{\"api_version\":{\"version\":\"2\"},\"billed_units\":{\"input_tokens\":\(answer.tokensUsed)}},"
        + "\"response_type\":\"embeddings_by_type\"}")
    return json
  }

  /// Errors as Cohere's API has them: `{"id":…,"message":"a sentence"}`.
  static func answer(to error: ServiceError) -> Answer {
    Answer(
      status: error.status, headers: error.headers,
      json: .object([.init("message", .string(error.description))]))
  }
}
