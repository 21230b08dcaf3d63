import JSON
import Testing
import Touchstone
import TouchstoneServer

struct LlamaCppDialectTests {
  private static func embedding(_ json: RequestBody) throws -> LlamaCppEmbeddingRequest {
    try LlamaCppEmbeddingRequest(json, queryRole: queryRole)
  }

  @Test func promptsComeInManyShapes() throws {
    func inputs(_ json: String) throws -> [EmbeddingInput] {
      try Self.embedding(body(json)).embedding.inputs
    }
    #expect(try inputs(#"{"content":"a"}"#) == ["a"])
    #expect(try inputs(#"{"input":"a","content":"b"}"#) == ["a"])
    #expect(try inputs(#"{"content":[1,2]}"#) == [EmbeddingInput(.tokenIDs([1, 2]))])
    #expect(try inputs(#"{"content":{"prompt_string":"a"}}"#) == ["a"])
    #expect(
      try inputs(#"{"content":[{"prompt_string":"a"},"b",[3]]}"#) == [
        "a", "b", EmbeddingInput(.tokenIDs([3])),
      ])
  }

  @Test(arguments: [
    ("{}", "content: is missing"),
    (
      #"{"content":{"prompt_string":"a","multimodal_data":["aGk="]}}"#,
      "content.multimodal_data: images and sounds cannot be embedded here; send text"
    ),
    (#"{"content":[{"prompt_string":"a"},7]}"#, "content[1]: must be an array of token ids, found a number"),
    (
      #"{"content":"a","embd_normalize":3}"#,
      "embd_normalize: must be -1 (none), 0 (maximum), 1 (taxicab) or 2 (Euclidean)"
    ),
  ])
  func embeddingIsRefused(json: String, sentence: String) throws {
    #expect(try refusal(json, Self.embedding) == sentence)
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
