import CTouchstone
import Touchstone

@_cdecl("touchstone_count")
public func touchstoneCount(
  _ model: OpaquePointer?, _ options: UnsafePointer<touchstone_options>?,
  _ texts: UnsafePointer<touchstone_text>?, _ count: Int, _ counts: UnsafeMutablePointer<touchstone_counts>?
) -> touchstone_status {
  reporting { () throws(Failure) in
    try EmbeddingCall(model, options, texts: texts, count: count).counts(to: counts)
  }
}

@_cdecl("touchstone_count_ids")
public func touchstoneCountIDs(
  _ model: OpaquePointer?, _ options: UnsafePointer<touchstone_options>?,
  _ inputs: UnsafePointer<touchstone_ids>?, _ count: Int, _ counts: UnsafeMutablePointer<touchstone_counts>?
) -> touchstone_status {
  reporting { () throws(Failure) in
    try EmbeddingCall(model, options, ids: inputs, count: count).counts(to: counts)
  }
}

@_cdecl("touchstone_embed")
public func touchstoneEmbed(
  _ model: OpaquePointer?, _ options: UnsafePointer<touchstone_options>?,
  _ texts: UnsafePointer<touchstone_text>?, _ count: Int, _ vectors: UnsafeMutablePointer<Float>?,
  _ capacity: Int, _ counts: UnsafeMutablePointer<touchstone_counts>?
) -> touchstone_status {
  reporting { () throws(Failure) in
    try EmbeddingCall(model, options, texts: texts, count: count)
      .embed(to: vectors, capacity: capacity, counts: counts)
  }
}

@_cdecl("touchstone_embed_ids")
public func touchstoneEmbedIDs(
  _ model: OpaquePointer?, _ options: UnsafePointer<touchstone_options>?,
  _ inputs: UnsafePointer<touchstone_ids>?, _ count: Int, _ vectors: UnsafeMutablePointer<Float>?,
  _ capacity: Int, _ counts: UnsafeMutablePointer<touchstone_counts>?
) -> touchstone_status {
  reporting { () throws(Failure) in
    try EmbeddingCall(model, options, ids: inputs, count: count)
      .embed(to: vectors, capacity: capacity, counts: counts)
  }
}

@_cdecl("touchstone_fingerprint")
public func touchstoneFingerprint(
  _ model: OpaquePointer?, _ options: UnsafePointer<touchstone_options>?,
  _ fingerprint: UnsafeMutablePointer<CChar>?
) -> touchstone_status {
  reporting { () throws(Failure) in
    let open = try OpenModels[model]
    let options = try CallOptions(options)
    guard let fingerprint else { throw .argument("there is no place for the fingerprint: it is NULL") }
    let text = try open.fingerprint(options.embedding, options.role)
    try write(text, to: fingerprint, capacity: text.utf8.count + 1, length: nil)
  }
}

@_cdecl("touchstone_rerank")
public func touchstoneRerank(
  _ model: OpaquePointer?, _ options: UnsafePointer<touchstone_options>?, _ query: touchstone_text,
  _ documents: UnsafePointer<touchstone_text>?, _ count: Int,
  _ scores: UnsafeMutablePointer<touchstone_score>?
) -> touchstone_status {
  reporting { () throws(Failure) in
    let open = try OpenModels[model]
    let reranker = try open.reranker
    let options = try CallOptions(options)
    let rerankOptions = try options.rerank
    let texts = try elements(documents, count, "documents")
    let scores = try elements(scores, count, "scores")
    let query = try String(query, "the query")
    var documents: [String] = []
    documents.reserveCapacity(count)
    for index in 0..<count {
      let place = options.firstIndex + index
      documents.append(try String(texts[index], "document \(place)", index: place))
    }
    var done = 0
    let results = try open.withTurn { () throws(Failure) in
      do throws(TouchstoneError) {
        return try reranker.rerank(
          query: query, instruction: options.instruction ?? RerankModel.defaultInstruction,
          documents: documents, options: rerankOptions, shouldContinue: { options.shouldContinue(done) },
          progress: { done = $0 })
      } catch {
        throw Failure(error, first: options.firstIndex)
      }
    }
    for result in results {
      scores[result.index] = touchstone_score(
        score: result.score, logit_difference: result.logitDifference, tokens: result.tokenCount,
        input_tokens: result.inputTokenCount)
    }
  }
}

@_cdecl("touchstone_tokenize")
public func touchstoneTokenize(
  _ model: OpaquePointer?, _ text: touchstone_text, _ tokens: UnsafeMutablePointer<touchstone_token>?,
  _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) -> touchstone_status {
  reporting { () throws(Failure) in
    let open = try OpenModels[model]
    guard let count else { throw .argument("there is no place for the number of tokens: it is NULL") }
    let text = try String(text, "the text")
    let found = try open.withTurn { () throws(Failure) in open.model.tokenizer.tokens(of: text) }
    count.pointee = found.count
    guard capacity < 0 || capacity >= found.count else {
      throw Failure(
        TOUCHSTONE_BUFFER_TOO_SMALL, "the text has \(found.count) tokens, but there is room for \(capacity)")
    }
    let tokens = try elements(tokens, found.count, "tokens")
    for (index, token) in found.enumerated() {
      tokens[index] = touchstone_token(
        id: Int64(token.id), begin: token.bytes.lowerBound, end: token.bytes.upperBound)
    }
  }
}

@_cdecl("touchstone_decode")
public func touchstoneDecode(
  _ model: OpaquePointer?, _ ids: touchstone_ids, _ skipSpecial: Int32, _ text: UnsafeMutablePointer<CChar>?,
  _ capacity: Int, _ length: UnsafeMutablePointer<Int>?
) -> touchstone_status {
  reporting { () throws(Failure) in
    let open = try OpenModels[model]
    let ids = Array(try elements(ids.ids, ids.count, "ids"))
    let decoded = try open.withTurn { () throws(Failure) in
      do throws(TouchstoneError) {
        return try open.model.tokenizer.decode(ids, skippingSpecialTokens: skipSpecial != 0)
      } catch {
        throw Failure(error)
      }
    }
    try write(decoded, to: text, capacity: capacity, length: length)
  }
}

@_cdecl("touchstone_prompt")
public func touchstonePrompt(
  _ options: UnsafePointer<touchstone_options>?, _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?
) -> touchstone_status {
  reporting { () throws(Failure) in
    try write(try CallOptions(options).role.prefix, to: text, capacity: capacity, length: length)
  }
}
