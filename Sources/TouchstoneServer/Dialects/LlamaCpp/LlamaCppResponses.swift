import HTTPTypes
import JSON
import Touchstone

/// What llama.cpp's server answers, as JSON.
package enum LlamaCppResponse {
  /// `/embedding`: each input's vectors, one or one a token; then, as an addition of ours, its tokens.
  package static func embeddings(_ embeddings: [Embedding], _ normalization: LlamaCppNormalization) -> [UInt8]
  {
    var json: [UInt8] = []
    json.append(jsonArray: embeddings.enumerated()) { json, item in
      let (index, embedding) = item
      json.append("{\"index\":\(index),\"embedding\":")
      json.append(jsonArray: embedding.vectors) { $0.append(json: normalization.scaled($1)[...]) }
      json.append(
        ",\"tokens_evaluated\":\(embedding.tokenCount),\"input_tokens\":\(embedding.inputTokenCount)}")
    }
    return json
  }

  /// `/tokenize`.
  package static func tokens(_ ids: [Int32]) -> [UInt8] {
    var json = [UInt8]("{\"tokens\":".utf8)
    json.append(jsonArray: ids) { $0.append($1.description) }
    json.append("}")
    return json
  }

  /// `/tokenize` with pieces. A piece that is not UTF-8 by itself is an array of bytes.
  package static func pieces(_ pieces: [(id: Int32, bytes: [UInt8])]) -> [UInt8] {
    var json = [UInt8]("{\"tokens\":".utf8)
    json.append(jsonArray: pieces) { json, piece in
      let value: JSONValue =
        String(validating: piece.bytes, as: UTF8.self).map { .string($0) }
        ?? .array(piece.bytes.map { .number(Int($0)) })
      json.append(json: .object([.init("id", .number(Int(piece.id))), .init("piece", value)]))
    }
    json.append("}")
    return json
  }

  /// `/detokenize`.
  package static func text(_ text: String) -> [UInt8] {
    [UInt8](json: .object([.init("content", .string(text))]))
  }
}

/// Errors as llama.cpp's server has them: `{"error":{"code":400,"message":…,"type":…}}`.
enum LlamaCppError {
  static func answer(to error: ServiceError) -> Answer {
    let form = form(of: error)
    var members: [JSONValue.Member] = [
      .init("code", .number(form.status.code)), .init("message", .string(error.description)),
      .init("type", .string(form.type)),
    ]
    if case .inputTooLong(let length) = error {
      if case .tokens(let count) = length.size { members.append(.init("n_prompt_tokens", .number(count))) }
      members.append(.init("n_ctx", .number(length.limit)))
    }
    return Answer(
      status: form.status, headers: error.headers, json: .object([.init("error", .object(members))]))
  }

  private static func form(of error: ServiceError) -> (status: HTTPResponse.Status, type: String) {
    switch error {
    case .conflict, .unreadable, .malformed, .invalid, .tokenIDsRefused, .tooManyInputs, .tooMany,
      .bodyTooLarge, .timeout,
      .methodNotAllowed,
      .unsupportedEncoding, .unsupportedTransfer:
      (error.status, "invalid_request_error")
    case .inputTooLong: (error.status, "exceed_context_size_error")
    case .unauthorized: (error.status, "authentication_error")
    case .foreignHost, .foreignOrigin: (error.status, "permission_error")
    case .unknownModel, .unknownRoute, .notFound: (error.status, "not_found_error")
    case .wrongModel: (.notImplemented, "not_supported_error")
    case .overloaded, .unavailable, .tookTooLong: (error.status, "unavailable_error")
    case .engine: (error.status, "server_error")
    }
  }
}
