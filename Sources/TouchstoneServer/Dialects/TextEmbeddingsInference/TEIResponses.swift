import HTTPTypes
import JSON
import Touchstone

/// What text-embeddings-inference answers, as JSON.
package enum TEIResponse {
  /// `/embed`: [inputs, dimensions].
  package static func vectors(_ embeddings: [Embedding]) -> [UInt8] {
    [UInt8](jsonArray: embeddings) { json, embedding in json.append(json: embedding.values[...]) }
  }

  /// `/embed_all`: [inputs, tokens, dimensions].
  package static func tokenStates(_ embeddings: [Embedding]) -> [UInt8] {
    [UInt8](jsonArray: embeddings) { json, embedding in
      json.append(jsonArray: embedding.vectors) { $0.append(json: $1) }
    }
  }

  /// `/similarity`: the cosines of the first embedding with each of the others. The vectors must have length
  /// 1.
  package static func similarities(_ embeddings: [Embedding]) -> [UInt8] {
    guard let source = embeddings.first else { return [UInt8]("[]".utf8) }
    return [UInt8](jsonArray: embeddings.dropFirst()) { json, other in
      let cosine = zip(source.values, other.values).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      json.append(json: .number(Float(cosine)))
    }
  }

  /// `/decode`.
  package static func texts(_ texts: [String]) -> [UInt8] {
    [UInt8](jsonArray: texts) { $0.append(json: $1) }
  }

  /// `/tokenize`.
  package static func tokens(_ tokenized: [[TEIToken]]) -> [UInt8] {
    [UInt8](jsonArray: tokenized) { json, tokens in
      json.append(jsonArray: tokens) { $0.append(json: $1.json) }
    }
  }

  /// `/rerank`: best first.
  package static func ranks(_ scores: [RankedDocument]) -> [UInt8] {
    [UInt8](jsonArray: scores) { json, score in
      var members: [JSONValue.Member] = [.init("index", .number(score.index))]
      if let text = score.text { members.append(.init("text", .string(text))) }
      members.append(.init("score", .number(score.score)))
      json.append(json: .object(members))
    }
  }
}

/// Errors as text-embeddings-inference has them: `{"error":"a sentence","error_type":"Validation"}`.
enum TEIError {
  static func answer(to error: ServiceError) -> Answer {
    let form = form(of: error)
    return Answer(
      status: form.status, headers: error.headers,
      json: .object([.init("error", .string(error.description)), .init("error_type", .string(form.type))]))
  }

  private static func form(of error: ServiceError) -> (status: HTTPResponse.Status, type: String) {
    switch error {
    case .malformed, .invalid, .tokenIDsRefused: (.unprocessableContent, "Validation")
    case .tooManyInputs, .tooMany, .inputTooLong, .bodyTooLarge: (.contentTooLarge, "Validation")
    case .unauthorized, .foreignHost, .foreignOrigin: (error.status, "Unauthorized")
    case .unknownModel, .unknownRoute, .notFound, .conflict, .unreadable, .methodNotAllowed, .timeout,
      .unsupportedEncoding,
      .unsupportedTransfer:
      (error.status, "Validation")
    case .overloaded: (error.status, "Overloaded")
    case .unavailable, .tookTooLong: (error.status, "Unhealthy")
    case .wrongModel, .engine: (HTTPResponse.Status(code: 424, reasonPhrase: "Failed Dependency"), "Backend")
    }
  }
}
