import JSON
import Testing
import Touchstone
import TouchstoneServer

struct OllamaDialectTests {
  private static func embed(_ json: RequestBody) throws -> EmbeddingRequest {
    try OllamaRequest.embed(json, queryRole: queryRole)
  }

  @Test(arguments: [
    (#"{"model":"m","input":"a"}"#, Truncation.right),
    (#"{"model":"m","input":"a","truncation_direction":"left"}"#, .left),
    (#"{"model":"m","input":"a","truncate":true}"#, .right),
    (#"{"model":"m","input":"a","truncate":false}"#, .error),
  ])
  func embedCutsUnlessToldNotTo(json: String, truncation: Truncation) throws {
    #expect(try Self.embed(body(json)).truncation == truncation)
  }

  @Test func theOlderRouteTakesAPrompt() throws {
    let request = try OllamaRequest.embeddings(
      body(#"{"name":"m","prompt":"","keep_alive":"5m","options":{"num_ctx":64}}"#), queryRole: queryRole)
    #expect(request.model == "m")
    #expect(request.inputs == [""])
    #expect(request.normalization == Normalization.none)
  }

  @Test(arguments: [
    (#"{"input":"a"}"#, "model: is missing"),
    (#"{"model":"","input":"a"}"#, "model: is empty"),
    (#"{"model":"m"}"#, "input: is missing"),
    (#"{"model":"m","input":"a","options":[]}"#, "options: must be an object, found an array"),
    (
      #"{"model":"m","input":"a","keep_alive":true}"#,
      "keep_alive: must be a number of seconds or a duration like '5m', found a truth value"
    ),
  ])
  func embedIsRefused(json: String, sentence: String) throws {
    #expect(try refusal(json, Self.embed) == sentence)
  }

  @Test func answersSayWhatWasCut() {
    let embedding = Embedding(values: [0.5, 1], dimensions: 2, tokenCount: 4, inputTokenCount: 9)
    #expect(
      text(OllamaResponse.embeddings([embedding], model: "m", durationNanoseconds: 7))
        == #"{"model":"m","embeddings":[[0.5,1.0]],"total_duration":7,"load_duration":0,"prompt_eval_count":4,"#
        + #""inputs":[{"tokens":9,"used_tokens":4,"truncated":true}]}"#)
    #expect(
      text(OllamaResponse.embedding(embedding))
        == #"{"embedding":[0.5,1.0],"normalized":false,"tokens":9,"used_tokens":4,"truncated":true}"#)
  }
}
