import JSON
import Touchstone

/// What Ollama answers, as JSON.
package enum OllamaResponse {
  /// `/api/embed`. Beyond Ollama's fields, `inputs` says of each input how many tokens it had and how many
  /// were used.
  ///
  /// - Parameter durationNanoseconds: from the request to the answer.
  package static func embeddings(_ embeddings: [Embedding], model: String, durationNanoseconds: Int)
    -> [UInt8]
  {
    var json = [UInt8]("{\"model\":".utf8)
    json.append(json: model)
    json.append(",\"embeddings\":")
    json.append(jsonArray: embeddings) { $0.append(json: $1.values[...]) }
    let tokenCount = embeddings.reduce(0) { $0 + $1.tokenCount }
    json.append(
      ",\"total_duration\":\(durationNanoseconds),\"load_duration\":0,\"prompt_eval_count\":\(tokenCount),")
    json.append("\"inputs\":")
    json.append(jsonArray: embeddings) { json, embedding in
      json.append(
        "{\"tokens\":\(embedding.inputTokenCount),\"used_tokens\":\(embedding.tokenCount),"
          + "\"truncated\":\(embedding.isTruncated)}")
    }
    json.append("}")
    return json
  }

  /// `/api/embeddings`.
  package static func embedding(_ embedding: Embedding) -> [UInt8] {
    var json = [UInt8]("{\"embedding\":".utf8)
    json.append(json: embedding.values[...])
    json.append(
      ",\"normalized\":false,\"tokens\":\(embedding.inputTokenCount),\"used_tokens\":\(embedding.tokenCount),"
        + "\"truncated\":\(embedding.isTruncated)}")
    return json
  }
}
