import Testing
import Touchstone
import TouchstoneServer

struct TEIDialectTests {
  @Test func embedTakesItsFields() throws {
    let request = try fields(
      #"{"inputs":["a"],"truncate":true,"truncation_direction":"left","prompt_name":"query","normalize":false,"dimensions":8}"#
    ).teiEmbedRequest()
    #expect(
      request
        == EmbeddingRequest(
          inputs: RequestInputs([.text("a")], isSingle: false), role: .query, truncation: .left,
          dimensions: 8,
          normalization: Normalization.none))
    #expect(try fields(#"{"inputs":"a"}"#).teiEmbedRequest().normalization == .l2)
  }

  @Test func embedAllLeavesTheStatesAsTheyAre() throws {
    let request = try fields(#"{"inputs":"a"}"#).teiEmbedAllRequest()
    #expect(request.pooling == Pooling.none)
    #expect(request.normalization == Normalization.none)
  }

  @Test func similarityPutsTheSourceFirst() throws {
    let request = try fields(
      #"{"inputs":{"source_sentence":"s","sentences":["a","b"]},"parameters":{"truncate":true}}"#
    ).teiSimilarityRequest()
    #expect(request.inputs.contents == [.text("s"), .text("a"), .text("b")])
    #expect(request.truncation == .right)
    #expect(
      refusal(#"{"inputs":{"source_sentence":"s","sentences":[7]}}"#) { fields throws(ServiceError) in
        try fields.teiSimilarityRequest()
      } == "inputs.sentences[0]: must be a string, but is a number")
    #expect(
      refusal(#"{"inputs":"s"}"#) { fields throws(ServiceError) in try fields.teiSimilarityRequest() }
        == "inputs: must be an object, but is a string")
  }

  @Test func tokenizeAndDecodeTakeOneOrMany() throws {
    #expect(try TEITokenizeRequest(fields(#"{"inputs":"a"}"#)).texts == ["a"])
    #expect(try TEITokenizeRequest(fields(#"{"inputs":["a","b"]}"#)).addsSpecialTokens)
    #expect(try TEIDecodeRequest(fields(#"{"ids":[1,2]}"#)).ids == [[1, 2]])
    let decode = try TEIDecodeRequest(fields(#"{"ids":[[1],[2,3]],"skip_special_tokens":false}"#))
    #expect(decode.ids == [[1], [2, 3]])
    #expect(!decode.skipsSpecialTokens)
    #expect(
      refusal(#"{"ids":"1"}"#) { fields throws(ServiceError) in try TEIDecodeRequest(fields) }
        == "ids: must be an array of token ids or an array of such arrays, but is a string")
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
    let tokenizer = try TextTokenizer(path: demoModelPath)
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
      #expect(
        tokenizer.teiTokens(of: sample, addsSpecialTokens: false) == Array(tokens.dropLast()))
    }
  }
}
