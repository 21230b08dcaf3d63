import GGUF
import Testing
import Touchstone

/// Vocabularies that would break the tokenizer, or read beyond the model: every door refuses them by name.
@Suite struct VocabularyFaultTests {
  /// `<think>`, a user-defined token of `f32.gguf`.
  private static let addedToken = 580

  private func model(addedToken bytes: [UInt8]) throws -> EditableModel {
    var model = try EditableModel()
    var tokens = try model.tokens
    tokens[Self.addedToken] = bytes
    model.setTokens(tokens)
    return model
  }

  /// These were found inside of characters: a text of U+0344 corrupted the heap, where 0x84 was a token.
  @Test(
    arguments: [
      [0x84], [0x81], [0x80], [0xB4], [0xCD], [0x83, 0x95], [0xF0, 0x9F], [0xFF], [0xC0, 0x80],
      [0xED, 0xA0, 0x80],
      [0x61, 0xCC], [0x61, 0x80], [0x80, 0x61],
    ] as [[UInt8]])
  func refusesAnAddedTokenThatIsNotUTF8(_ bytes: [UInt8]) throws {
    try Doors.expect(
      "token 580 is to be found in text and is not UTF-8, so it could be found inside of characters; convert the "
        + "model again", from: model(addedToken: bytes))
  }

  @Test func refusesAnAddedTokenWithoutBytes() throws {
    try Doors.expect(
      "token 580 is to be found in text and has no bytes; convert the model again",
      from: model(addedToken: []))
  }

  /// The same bytes in an ordinary token are the spelling of something, and harm nobody.
  @Test func takesAnOrdinaryTokenOfAnyBytes() throws {
    var model = try EditableModel()
    var tokens = try model.tokens
    // Beyond the rows of merges, so that nothing needs its spelling.
    tokens.append([0x84])
    model.setTokens(tokens)
    var types = try model.metadata.array("tokenizer.ggml.token_type").integers(as: Int32.self)
    types.append(1)
    model.metadata["tokenizer.ggml.token_type"] = .array(MetadataArray(types))
    model["token_embd.weight"].shape[0] += 1
    model["token_embd.weight"].bytes += [UInt8](repeating: 1, count: 4 * 64)
    try model.withFile { path in
      let model = try EmbeddingModel(path: path)
      let vectors = try model.embed(["\u{344}", "e\u{301}", EmbeddingInput(.tokenIDs([582]))])
      #expect(vectors.count == 3)
      #expect(try model.tokenizer.decode([582]) == "\u{FFFD}")
    }
  }

  @Test func refusesATableThatIsShorterThanTheVocabulary() throws {
    var model = try EditableModel()
    let rows = try model.tokens.count
    model["token_embd.weight"].shape[0] = rows - 4
    model["token_embd.weight"].bytes.removeLast(4 * 4 * 64)
    try Doors.expect(
      "the vocabulary has 582 tokens, but token_embd.weight has only 578 rows: tokens 578 to 581 have no embedding; "
        + "convert the model again, with the tokenizer that belongs to it", from: model)
  }

  /// Conversions pad the table to a round number of rows. No token leads to them, and no id of a caller.
  @Test func takesATableThatIsLongerThanTheVocabulary() throws {
    var model = try EditableModel()
    model["token_embd.weight"].shape[0] += 10
    model["token_embd.weight"].bytes += [UInt8](repeating: 1, count: 10 * 4 * 64)
    try model.withFile { path in
      let padded = try EmbeddingModel(path: path)
      let original = try EmbeddingModel(path: RefusalTests.path("models/f32.gguf"))
      #expect(try padded.embed(["a <think> b"]) == original.embed(["a <think> b"]))
      for id: Int32 in [582, 591, 592, -1] {
        #expect(throws: TouchstoneError.tokenIDOutOfRange(index: 0, id: id, vocabularySize: 582)) {
          try padded.embed([EmbeddingInput(.tokenIDs([id]))])
        }
      }
    }
  }

  @Test(arguments: ["eos", "bos"]) func refusesARoleOfATokenThatIsNotThere(_ role: String) throws {
    var model = try EditableModel()
    model.metadata["tokenizer.ggml.\(role)_token_id"] = .uint32(582)
    try Doors.expect(
      "tokenizer.ggml.\(role)_token_id is 582, but the vocabulary has the tokens 0 to 581; convert the model again",
      from: model)
  }

  @Test func refusesABeginningThatIsNotNamed() throws {
    var model = try EditableModel()
    model.metadata["tokenizer.ggml.add_bos_token"] = .bool(true)
    model.metadata["tokenizer.ggml.bos_token_id"] = nil
    try model.withFile { path in
      #expect(
        Doors.refusals(of: path)["inspection"]
          == "metadata key 'tokenizer.ggml.bos_token_id' is missing, but is required; convert the model again with a "
          + "current converter")
      #expect(throws: TouchstoneError.self) { try EmbeddingModel(path: path) }
    }
  }

  @Test func refusesANormalizerOfAnotherKind() throws {
    var model = try EditableModel()
    model.metadata["tokenizer.ggml.normalizer.lowercase"] = .bool(true)
    try Doors.expect(
      "the file has the key 'tokenizer.ggml.normalizer.lowercase', but this engine changes texts to NFC and in no other "
        + "way; use a Qwen3-Embedding file", from: model)
    model.metadata["tokenizer.ggml.normalizer.lowercase"] = .bool(false)
    #expect(try Doors.warnings(of: model) == [])
  }

  /// The prompt of a reranker is made of control tokens; as ordinary text it would be another prompt.
  @Test func refusesARerankerWhosePromptWouldBeOrdinaryText() throws {
    var model = try EditableModel("rerank-yes-no")
    var types = try model.metadata.array("tokenizer.ggml.token_type").integers(as: Int32.self)
    let start = try #require(try model.tokens.firstIndex { $0 == Array("<|im_start|>".utf8) })
    types[start] = 1
    model.metadata["tokenizer.ggml.token_type"] = .array(MetadataArray(types))
    try model.withFile { path in
      let sentence =
        "the vocabulary has no control token '<|im_start|>', of which a reranker's prompt is made; use a Qwen3-Reranker file"
      #expect(throws: TouchstoneError.vocabulary(path: path, .missingControlToken("<|im_start|>"))) {
        try RerankModel(path: path)
      }
      #expect(Doors.refusals(of: path)["inspection"] == sentence)
    }
  }

  /// The rows of "yes" and "no" are looked up by id: a vocabulary longer than the head must not read beyond
  /// it.
  @Test func refusesARerankerWithoutTheRowsOfItsAnswers() throws {
    var model = try EditableModel("rerank-output")
    model["output.weight"].shape[0] = 1
    model["output.weight"].bytes = Array(model["output.weight"].bytes.prefix(34))
    try model.withFile { path in
      let refusal = Doors.refusals(of: path)
      #expect(refusal["any"] == refusal["inspection"])
      #expect(refusal["any"]??.hasPrefix("tensor 'output.weight' has shape [1, 32], but") == true)
    }
  }
}
