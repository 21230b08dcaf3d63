import JSON
import Testing
import Touchstone
import TouchstoneServer

struct TEIDialectTests {
  private static func embed(_ json: RequestBody) throws -> EmbeddingRequest {
    try TEIEmbedRequest.embed(json, queryRole: queryRole)
  }

  private static func similarity(_ json: RequestBody) throws -> EmbeddingRequest {
    try TEIEmbedRequest.similarity(json, queryRole: queryRole)
  }

  @Test func embedTakesItsFields() throws {
    let request = try Self.embed(
      body(
        #"{"inputs":["a"],"truncate":true,"truncation_direction":"Left","prompt_name":"query","normalize":false,"dimensions":8}"#
      ))
    #expect(request.inputs == [EmbeddingInput("a", as: queryRole)])
    #expect(request.truncation == .left)
    #expect(request.dimensions == 8)
    #expect(request.normalization == Normalization.none)
    let plain = try Self.embed(body(#"{"inputs":"a","truncate":false,"truncation_direction":"left"}"#))
    #expect(plain.inputs == ["a"])
    #expect(plain.truncation == .error)
    #expect(plain.normalization == .l2)
  }

  @Test func embedAllLeavesTheStatesAsTheyAre() throws {
    let request = try TEIEmbedRequest.embedAll(body(#"{"inputs":"a"}"#), queryRole: queryRole)
    #expect(request.pooling == Pooling.none)
    #expect(request.normalization == Normalization.none)
  }

  @Test func similarityPutsTheSourceFirst() throws {
    let request = try Self.similarity(
      body(#"{"inputs":{"source_sentence":"s","sentences":["a","b"]},"parameters":{"truncate":true}}"#))
    #expect(request.inputs == ["s", "a", "b"])
    #expect(request.truncation == .right)
  }

  @Test(arguments: [
    (#"{"inputs":"s"}"#, "inputs: must be an object, found a string"),
    (#"{"inputs":{"sentences":["a"]}}"#, "inputs.source_sentence: is missing"),
    (
      #"{"inputs":{"source_sentence":"s","sentences":[7]}}"#,
      "inputs.sentences[0]: must be a string, found a number"
    ),
    (#"{"inputs":{"source_sentence":"s","sentences":[]}}"#, "inputs.sentences: is empty"),
  ])
  func similarityIsRefused(json: String, sentence: String) throws {
    #expect(try refusal(json, Self.similarity) == sentence)
  }

  @Test func tokenizeAndDecodeTakeOneOrMany() throws {
    func tokenize(_ json: String) throws -> TEITokenizeRequest {
      try TEITokenizeRequest(body(json), queryRole: queryRole)
    }
    #expect(try tokenize(#"{"inputs":"a"}"#).texts == ["a"])
    #expect(try tokenize(#"{"inputs":["a","b"]}"#).addsSpecialTokens)
    #expect(try TEIDecodeRequest(body(#"{"ids":[1,2]}"#)).ids == [[1, 2]])
    let decode = try TEIDecodeRequest(body(#"{"ids":[[1],[2,3]],"skip_special_tokens":false}"#))
    #expect(decode.ids == [[1], [2, 3]])
    #expect(!decode.skipsSpecialTokens)
    #expect(
      try refusal(#"{"ids":"1"}"#) { try TEIDecodeRequest($0) }
        == "ids: must be an array of token ids, found a string")
    #expect(try refusal(#"{"ids":[]}"#) { try TEIDecodeRequest($0) } == "ids: is empty")
    #expect(
      try refusal(#"{"ids":[[1],2]}"#) { try TEIDecodeRequest($0) }
        == "ids[1]: must be an array of token ids, found a number")
  }

  @Test func answersAreArrays() {
    let two = [
      Embedding(values: [0.6, 0.8], dimensions: 2, tokenCount: 1, inputTokenCount: 1),
      Embedding(values: [1, 0], dimensions: 2, tokenCount: 1, inputTokenCount: 1),
    ]
    #expect(text(TEIResponse.vectors(two)) == "[[0.6,0.8],[1.0,0.0]]")
    #expect(text(TEIResponse.similarities(two)) == "[0.6]")
    let states = Embedding(values: [1, 2, 3, 4], dimensions: 2, tokenCount: 2, inputTokenCount: 2)
    #expect(text(TEIResponse.tokenStates([states])) == "[[[1.0,2.0],[3.0,4.0]]]")
    #expect(text(TEIResponse.texts(["a\n"])) == #"["a\n"]"#)
  }

  /// A character of several tokens is in each; what the tokenizer adds has no place.
  @Test func tokensHaveTheirCharacters() throws {
    let tokenizer = try TextTokenizer(path: TestService.demo)
    for sample in ["Hello wörld", "e\u{301}\u{1F468}\u{200D}\u{1F469}", "", "龘 x"] {
      let scalars = Array(sample.unicodeScalars)
      let tokens = tokenizer.teiTokens(of: sample, addsSpecialTokens: true)
      #expect(tokens.map(\.id) == tokenizer.tokenIDs(of: sample))
      let last = try #require(tokens.last)
      #expect(last.isAdded && last.text == "<|endoftext|>" && last.characters == nil)
      var reached = 0
      for token in tokens.dropLast() {
        let characters = try #require(token.characters)
        #expect(!token.isAdded)
        #expect(characters.lowerBound <= reached && characters.upperBound >= reached)
        reached = characters.upperBound
        var expected = String.UnicodeScalarView()
        expected.append(contentsOf: scalars[characters])
        #expect(token.text == String(expected))
      }
      #expect(reached == scalars.count)
      #expect(tokenizer.teiTokens(of: sample, addsSpecialTokens: false) == Array(tokens.dropLast()))
    }
  }
}
