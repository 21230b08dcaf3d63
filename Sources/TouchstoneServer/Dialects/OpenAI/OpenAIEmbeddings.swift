import JSON
import Touchstone

/// `POST /v1/embeddings`, and vLLM's `/pooling`: requests in, answers out.
///
/// Beside OpenAI's members those of vLLM, NVIDIA NIM, Jina and Voyage are read, whose clients post to the
/// same path.
package enum OpenAIEmbeddings {
  package enum Encoding: Sendable {
    case float
    case base64
  }

  package struct Request: Sendable {
    package var embedding: EmbeddingRequest
    package var encoding: Encoding
  }

  private static let fieldNames =
    [
      "model", "input", "encoding_format", "embedding_type", "user", "task", "token_ids",
    ] + RequestFields.dimensionNames + RequestFields.normalizationNames + RequestFields.otherVectorNames
    + LengthWish.names + RequestFields.roleNames

  /// - Parameters:
  ///   - model: the name that the path has, which counts for more than that of the body.
  ///   - readsTask: whether `task` is Jina's.
  package static func request(
    _ body: RequestBody, settings: ServiceSettings, model: String? = nil, readsTask: Bool = true
  ) throws(ServiceError) -> Request {
    let fields = try RequestFields(body)
    fields.reportUnknown(besides: fieldNames)
    _ = try fields.string("user")
    try fields.refuseOtherVectors()
    let role = try fields.role(queryRole: settings.queryRole, readsTask: readsTask)
    let inputs = try fields.inputs("input", role: role)
    if !settings.acceptsTokenIDs, try fields.bool("token_ids") != true { try refuseTokenIDs(inputs) }
    let named = try fields.string("model")
    var request = EmbeddingRequest(model: model ?? named, inputs: inputs)
    request.dimensions = try fields.dimensions()
    let length = try LengthWish(fields)
    request.truncation = length.truncation
    request.maximumTokens = length.maximumTokens
    request.normalization = try fields.wantsLengthOne() ? .l2 : .none
    return Request(embedding: request, encoding: try encoding(fields))
  }

  /// OpenAI's clients make ids of their own vocabulary, and nobody could see that a vector is of other words.
  private static func refuseTokenIDs(_ inputs: [EmbeddingInput]) throws(ServiceError) {
    for input in inputs {
      if case .tokenIDs = input.content { throw .tokenIDsRefused(parameter: "input") }
    }
  }

  /// `encoding_format`, or Jina's `embedding_type`.
  private static func encoding(_ fields: RequestFields) throws(ServiceError) -> Encoding {
    let words = [("float", Encoding.float), ("base64", .base64)]
    let format = try fields.choice("encoding_format", words)
    let type = try fields.choice("embedding_type", words)
    return format ?? type ?? .float
  }

  /// `{"object":"list","data":[{"object":"embedding","index":0,"embedding":…}],"model":…,"usage":…}`
  ///
  /// Beyond OpenAI's members: `truncated` in the data of an input that was cut, and in `usage` the tokens
  /// that were given, where `prompt_tokens` are those that went through the model. vLLM's `/pooling` calls
  /// both the object and its vector otherwise.
  ///
  /// - Parameter hasTokenVectors: whether each input has a list of vectors, one a token.
  package static func answer(
    _ answer: EmbeddingAnswer, encoding: Encoding, isPooling: Bool = false, hasTokenVectors: Bool = false
  ) -> Answer {
    var bytes: [UInt8] = []
    let numbers = answer.results.reduce(0) { $0 + $1.values.count }
    bytes.reserveCapacity(numbers * (encoding == .float ? 12 : 6) + 64 * answer.results.count + 256)
    bytes.append("{\"object\":\"list\",\"data\":[")
    for (index, embedding) in answer.results.enumerated() {
      if index > 0 { bytes.append(",") }
      let names = isPooling ? (object: "pooling", vector: "data") : (object: "embedding", vector: "embedding")
      bytes.append("{\"object\":\"\(names.object)\",\"index\":\(index),\"\(names.vector)\":")
      switch encoding {
      case .base64: bytes.append(base64: embedding.values)
      case .float where hasTokenVectors:
        bytes.append(jsonArray: embedding.vectors) { $0.append(json: $1) }
      case .float: bytes.append(json: embedding.values[...])
      }
      if embedding.isTruncated { bytes.append(",\"truncated\":true") }
      bytes.append("}")
    }
    bytes.append("],\"model\":")
    bytes.append(json: answer.model)
    bytes.append(
      ",\"usage\":{\"prompt_tokens\":\(answer.tokensUsed),\"total_tokens\":\(answer.tokensUsed),\"given_tokens\":\(answer.tokensGiven)}}"
    )
    return Answer(bytes: bytes).timed(answer)
  }
}
