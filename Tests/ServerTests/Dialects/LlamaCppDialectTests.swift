import Testing
import Touchstone
import TouchstoneServer

struct LlamaCppDialectTests {
  @Test func promptsComeInManyShapes() throws {
    func contents(_ json: String) throws -> [EmbeddingInput.Content] {
      try LlamaCppEmbeddingRequest(fields(json)).embedding.inputs.contents
    }
    #expect(try contents(#"{"content":"a"}"#) == [.text("a")])
    #expect(try contents(#"{"input":"a","content":"b"}"#) == [.text("a")])
    #expect(try contents(#"{"content":[1,2]}"#) == [.tokenIDs([1, 2])])
    #expect(try contents(#"{"content":{"prompt_string":"a"}}"#) == [.text("a")])
    #expect(
      try contents(#"{"content":[{"prompt_string":"a"},"b",[3]]}"#) == [
        .text("a"), .text("b"), .tokenIDs([3]),
      ])
  }

  @Test(arguments: [
    ("{}", "the body must have 'content' or 'input', but has neither"),
    (
      #"{"content":{"prompt_string":"a","multimodal_data":[]}}"#,
      "content.multimodal_data: is for models that see or hear; this service embeds text"
    ),
    (
      #"{"content":"a","embd_normalize":3}"#,
      "embd_normalize: must be -1 (none), 0 (maximum), 1 (taxicab) or 2 (Euclidean)"
    ),
  ])
  func embeddingIsRefused(json: String, sentence: String) {
    #expect(
      refusal(json) { fields throws(ServiceError) in try LlamaCppEmbeddingRequest(fields) } == sentence)
  }

  @Test func normalizationsAreLlamaCpps() {
    let vector: [Float] = [3, -4]
    #expect(LlamaCppNormalization.none.scaled(vector[...]) == vector)
    #expect(LlamaCppNormalization.maximum.scaled(vector[...]) == [24570, -32760])
    #expect(LlamaCppNormalization.taxicab.scaled(vector[...]) == [3.0 / 7, -4.0 / 7])
    #expect(LlamaCppNormalization.taxicab.scaled([0, 0]) == [0, 0])
    #expect(LlamaCppNormalization.euclidean.engineNormalization == .l2)
  }

  @Test func answersSayWhatWasCut() {
    let embedding = Embedding(values: [0.5, 1], dimensions: 2, tokenCount: 4, inputTokenCount: 9)
    #expect(
      text(LlamaCppResponse.embeddings([embedding], .euclidean))
        == #"[{"index":0,"embedding":[[0.5,1.0]],"tokens_evaluated":4,"input_tokens":9}]"#)
    #expect(text(LlamaCppResponse.tokens([1, 2])) == #"{"tokens":[1,2]}"#)
    #expect(
      text(LlamaCppResponse.pieces([(id: 1, bytes: [0x61]), (id: 2, bytes: [0xC3])]))
        == #"{"tokens":[{"id":1,"piece":"a"},{"id":2,"piece":[195]}]}"#)
  }
}
