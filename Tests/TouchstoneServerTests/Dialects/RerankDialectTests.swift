import JSON
import Testing
import TouchstoneServer

struct RerankDialectTests {
  @Test func shapesAreToldApartByTheirFields() throws {
    let jina = try RerankBody(
      body(
        #"{"query":"q","documents":["a",{"text":"b"}],"top_n":1,"return_documents":true,"instruction":"i"}"#))
    #expect(jina.shape == .documents)
    #expect(jina.request.documents == ["a", "b"])
    #expect(jina.limit == 1)
    #expect(jina.returnsDocuments)
    #expect(jina.request.instruction == "i")
    let tei = try RerankBody(body(#"{"query":"q","texts":["a"],"raw_scores":true,"return_text":true}"#))
    #expect(tei.shape == .textEmbeddingsInference)
    #expect(tei.rawScores && tei.returnsDocuments)
  }

  @Test(arguments: [
    (#"{"documents":["a"]}"#, "query: is missing"),
    (#"{"query":"q"}"#, "documents: is missing"),
    (#"{"query":"q","documents":[]}"#, "documents: is empty"),
    (
      #"{"query":"q","documents":["a",7]}"#,
      "documents[1]: must be a string or an object with 'text', found a number"
    ),
    (#"{"query":"q","documents":[{"title":"a"}]}"#, "documents[0].text: is missing"),
    (#"{"query":"q","documents":["a"],"top_n":0}"#, "top_n: must be at least 1, found 0"),
    (#"{"query":"q","texts":[7]}"#, "texts[0]: must be a string, found a number"),
  ])
  func requestsAreRefused(json: String, sentence: String) throws {
    #expect(try refusal(json) { try RerankBody($0) } == sentence)
  }

  @Test func answersHaveTheShapeOfTheQuestion() {
    let ranked = [
      RankedDocument(index: 1, score: 0.75, text: "b"), RankedDocument(index: 0, score: 0.25, text: nil),
    ]
    #expect(
      text(TEIResponse.ranks(ranked)) == #"[{"index":1,"text":"b","score":0.75},{"index":0,"score":0.25}]"#)
    #expect(
      text(RerankResponse.results(ranked, model: "m", tokenCount: 5, inputTokenCount: 6))
        == #"{"model":"m","object":"list","usage":{"prompt_tokens":5,"total_tokens":5,"input_tokens":6},"results":["#
        + #"{"index":1,"relevance_score":0.75,"document":{"text":"b"}},{"index":0,"relevance_score":0.25}]}"#)
  }
}
