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
