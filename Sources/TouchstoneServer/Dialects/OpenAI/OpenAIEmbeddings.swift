import JSON
import Touchstone

/// `POST /v1/embeddings`: requests in, answers out.
enum OpenAIEmbeddings {
  enum Encoding: Sendable {
    case float
    case base64
  }

  struct Request: Sendable {
    var embedding: EmbeddingRequest
    var encoding: Encoding
  }

  static let fieldNames =
    ["model", "input", "encoding_format", "dimensions", "user", "truncate", "max_tokens", "normalize"]
    + RequestFields.roleNames

  static func request(_ body: RequestBody, settings: ServiceSettings) throws(ServiceError) -> Request {
    let fields = try RequestFields(body)
    fields.reportUnknown(besides: fieldNames)
    _ = try fields.string("user")
    let role = try fields.role(queryRole: settings.queryRole)
    var request = EmbeddingRequest(
      model: try fields.string("model"), inputs: try fields.inputs("input", role: role))
    request.dimensions = try fields.integer("dimensions")
    request.truncation = try fields.truncation()
    request.maximumTokens = try fields.integer("max_tokens")
    request.normalization = try fields.bool("normalize") == false ? .none : .l2
    let encoding = try fields.choice("encoding_format", [("float", Encoding.float), ("base64", .base64)])
    return Request(embedding: request, encoding: encoding ?? .float)
  }

  /// `{"object":"list","data":[{"object":"embedding","index":0,"embedding":…}],"model":…,"usage":…}`
  ///
  /// Beyond OpenAI's members: `truncated` in the data of an input that was cut, and in `usage` the tokens that were
  /// given, where `prompt_tokens` are those that went through the model.
  static func answer(_ answer: EmbeddingAnswer, encoding: Encoding) -> Answer {
    var bytes: [UInt8] = []
    let numbers = answer.results.reduce(0) { $0 + $1.values.count }
    bytes.reserveCapacity(numbers * (encoding == .float ? 12 : 6) + 64 * answer.results.count + 256)
    bytes.append("{\"object\":\"list\",\"data\":[")
    for (index, embedding) in answer.results.enumerated() {
      if index > 0 { bytes.append(",") }
      bytes.append("{\"object\":\"embedding\",\"index\":\(index),\"embedding\":")
      switch encoding {
      case .float: bytes.append(json: embedding.values[...])
      case .base64: bytes.append(base64: embedding.values)
      }
      if embedding.isTruncated { bytes.append(",\"truncated\":true") }
      bytes.append("}")
    }
    bytes.append("],\"model\":")
    bytes.append(json: answer.model)
    bytes.append(
      ",\"usage\":{\"prompt_tokens\":\(answer.tokensUsed),\"total_tokens\":\(answer.tokensUsed),\"given_tokens\":\(answer.tokensGiven)}}"
    )
    return Answer(bytes: bytes).with(answer.timings, tokens: answer.tokensUsed)
  }
}
