import Testing
import Touchstone

@Suite struct TruncationTests {
  static let text = "one two three four five six seven eight nine ten"

  @Test func tooLongIsAnErrorUnlessAskedOtherwise() throws {
    let model = try EmbeddingModel(path: DemoModelTests.demo)
    let count = model.tokenizer.count(Self.text)
    var options = EmbeddingOptions()
    options.maximumTokens = count - 1
    #expect(throws: TouchstoneError.inputTooLong(index: 1, tokens: count, limit: count - 1)) {
      try model.embed(["short", EmbeddingInput(Self.text)], options: options)
    }
    options.maximumTokens = count
    #expect(try model.embed([EmbeddingInput(Self.text)], options: options)[0].isTruncated == false)
  }

  /// Token ids are cut, the end of text stays, and the cut is reported.
  @Test(arguments: [Truncation.right, .left], [1, 2, 5])
  func idsAreCut(_ truncation: Truncation, limit: Int) throws {
    let model = try EmbeddingModel(path: DemoModelTests.demo)
    let ids = model.tokenizer.tokenIDs(of: Self.text)
    var options = EmbeddingOptions()
    options.truncation = truncation
    options.maximumTokens = limit
    let embedding = try model.embed([EmbeddingInput(Self.text)], options: options)[0]
    let body = ids.dropLast()
    let kept = truncation == .right ? Array(body.prefix(limit - 1)) : Array(body.suffix(limit - 1))
    let expected = try model.embed([EmbeddingInput(.tokenIDs(kept))])[0]
    #expect(embedding.values == expected.values)
    #expect(embedding.tokenCount == limit)
    #expect(embedding.inputTokenCount == ids.count)
    #expect(embedding.isTruncated)
  }
}
