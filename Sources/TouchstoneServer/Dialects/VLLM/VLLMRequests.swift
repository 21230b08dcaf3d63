import JSON
import Touchstone

/// The body of vLLM's `/score`: texts in pairs.
package enum VLLMScoreRequest {
  /// `text_1` and `text_2`, or `queries` and `documents`, or `data_1` and `data_2`: as many of both, or one
  /// of the first for all of the second.
  package static func score(_ body: RequestBody) throws(ServiceError) -> ScoreRequest {
    let fields = try RequestFields(body)
    fields.reportUnknown(
      besides: ["model", "user", "instruct", "instruction"] + names.flatMap { [$0.first, $0.second] }
        + LengthWish.names)
    let (first, second) = names.first { fields[$0.first] != nil || fields[$0.second] != nil } ?? names[0]
    let firsts = try fields.required(first, try fields.stringOrStrings(first))
    let seconds = try fields.required(second, try fields.stringOrStrings(second))
    guard firsts.count == seconds.count || firsts.count == 1 else {
      throw .invalid(
        parameter: second,
        "has \(seconds.count) texts, but \(first) has \(firsts.count); send as many, or one of the first")
    }
    var request = ScoreRequest(
      model: try fields.string("model"),
      pairs: seconds.indices.map { .init(firsts[firsts.count == 1 ? 0 : $0], seconds[$0]) })
    let instruction = try fields.string("instruction")
    let instruct = try fields.string("instruct")
    request.instruction = instruction ?? instruct
    let length = try LengthWish(fields)
    request.truncation = length.truncation
    request.maximumTokens = length.maximumTokens
    return request
  }

  private static let names = [
    (first: "text_1", second: "text_2"), (first: "queries", second: "documents"),
    (first: "data_1", second: "data_2"),
  ]
}

/// The body of vLLM's `/tokenize`.
package struct VLLMTokenizeRequest: Equatable, Sendable {
  package var model: String?
  package var prompt: String
  package var addsSpecialTokens: Bool
  package var withStrings: Bool

  package init(_ body: RequestBody) throws(ServiceError) {
    let fields = try RequestFields(body)
    fields.reportUnknown(besides: ["model", "prompt", "add_special_tokens", "return_token_strs"])
    model = try fields.string("model")
    prompt = try fields.required("prompt", try fields.string("prompt"))
    addsSpecialTokens = try fields.bool("add_special_tokens") ?? true
    withStrings = try fields.bool("return_token_strs") ?? false
  }
}

/// The body of vLLM's `/pooling`: that of `/v1/embeddings`, with a task of its own.
package struct VLLMPoolingRequest: Sendable {
  package var request: OpenAIEmbeddings.Request
  /// Whether each token has a vector.
  package var hasTokenVectors: Bool

  package init(_ body: RequestBody, settings: ServiceSettings) throws(ServiceError) {
    hasTokenVectors =
      try RequestFields(body).choice(
        "task", [("embed", false), ("encode", false), ("token_embed", true)]) ?? false
    request = try OpenAIEmbeddings.request(body, settings: settings, readsTask: false)
    if hasTokenVectors {
      request.embedding.pooling = Pooling.none
      guard request.encoding == .float else {
        throw .invalid(parameter: "encoding_format", "must be 'float' where each token has a vector")
      }
    }
  }
}
