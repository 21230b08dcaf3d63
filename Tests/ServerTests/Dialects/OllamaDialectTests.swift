import Testing
import Touchstone
import TouchstoneServer

struct OllamaDialectTests {
  @Test func embedCutsUnlessToldNotTo() throws {
    func truncation(_ json: String) throws -> Truncation? { try fields(json).ollamaEmbedRequest().truncation }
    #expect(try truncation(#"{"model":"m","input":"a"}"#) == .right)
    #expect(try truncation(#"{"model":"m","input":"a","truncation_direction":"left"}"#) == .left)
    #expect(try truncation(#"{"model":"m","input":"a","truncate":true}"#) == .right)
    #expect(try truncation(#"{"model":"m","input":"a","truncate":false}"#) == .error)
  }

  @Test func theOlderRouteTakesAPrompt() throws {
    let request = try fields(#"{"name":"m","prompt":"","keep_alive":"5m","options":{"num_ctx":64}}"#)
      .ollamaEmbeddingsRequest()
    #expect(request.model == "m")
    #expect(request.inputs.contents == [.text("")])
    #expect(request.normalization == Normalization.none)
  }

  @Test(arguments: [
    (#"{"input":"a"}"#, "model: is missing"),
    (#"{"model":"m"}"#, "input: is missing"),
    (#"{"model":"m","input":"a","options":[]}"#, "options: must be an object, but is an array"),
    (
      #"{"model":"m","input":"a","keep_alive":true}"#,
      "keep_alive: must be a number of seconds or a duration like '5m', but is a truth value"
    ),
  ])
  func embedIsRefused(json: String, sentence: String) {
    #expect(refusal(json) { fields throws(ServiceError) in try fields.ollamaEmbedRequest() } == sentence)
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
