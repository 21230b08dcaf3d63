import Foundation
import Testing
import Touchstone

/// What cannot be embedded or loaded, and the sentence for it.
@Suite struct RefusalTests {
  static func path(_ name: String) -> String { DemoModelTests.testdata.appending(path: name).path }

  @Test func optionsOutsideOfTheModel() throws {
    let model = try EmbeddingModel(path: DemoModelTests.demo)
    func sentence(_ change: (inout EmbeddingOptions) -> Void) -> String? {
      var options = EmbeddingOptions()
      change(&options)
      do { _ = try model.embed(["text"], options: options) } catch { return error.description }
      return nil
    }
    #expect(sentence { $0.dimensions = 0 } == "dimensions is 0, but this model's vectors have 1 to 256")
    #expect(sentence { $0.dimensions = 257 } == "dimensions is 257, but this model's vectors have 1 to 256")
    #expect(
      sentence { $0.maximumTokens = 8193 }
        == "the maximum of tokens is 8193, but this model's context holds 1 to 8192")
    for count in [0, -1, 1 << 40 + 1, 1 << 62, .max] {
      #expect(
        sentence { $0.batchTokens = count } == "batch tokens is \(count), but must be from 1 to 2^40")
    }
    #expect(sentence { $0.batchTokens = 1 << 40 } == nil)
  }

  /// The kernels believe what they are told: a wrong number of threads would be memory that nobody has.
  @Test(arguments: [0, -1, 1025, 1 << 16, 1 << 62, .max]) func refusesThreadsThatCannotBe(count: Int) {
    #expect(throws: TouchstoneError.invalidOption("threads is \(count), but must be from 1 to 1024")) {
      try EmbeddingModel(path: DemoModelTests.demo, threads: count)
    }
  }

  @Test func tokenIDsOutsideOfTheVocabulary() throws {
    let model = try EmbeddingModel(path: DemoModelTests.demo)
    for id: Int32 in [-1, 32_768, .max] {
      #expect(throws: TouchstoneError.tokenIDOutOfRange(index: 0, id: id, vocabularySize: 32_768)) {
        try model.embed([EmbeddingInput(.tokenIDs([1, id]))])
      }
    }
  }

  @Test func aVocabularyEmbedsNothingButTokenizes() throws {
    let path = Self.path("qwen2-vocab.gguf")
    #expect {
      try EmbeddingModel(path: path)
    } throws: { error in
      "\(error)"
        == "\(path): general.architecture is 'qwen2', but this engine runs 'qwen3'; use a Qwen3-Embedding file"
    }
    #expect(try TextTokenizer(path: path).tokenIDs(of: "!#012").prefix(5) == [0, 2, 15, 16, 17])
  }

  @Test func aMissingFile() {
    #expect {
      try EmbeddingModel(path: "/nowhere/model.gguf")
    } throws: { error in
      "\(error)".contains("/nowhere/model.gguf")
    }
  }

  /// Files before mid-2025 do not say whether to append the end of text.
  @Test func oldConversionsAreReported() throws {
    #expect(
      try EmbeddingModel(path: Self.path("models/no-add-eos.gguf")).warnings == [.missingAppendEndOfText])
    #expect(
      try EmbeddingModel(path: Self.path("models/wrong-eos.gguf")).warnings
        == [.wrongEndOfText(id: 298, text: "<|im_end|>", expected: 296)])
    #expect(try EmbeddingModel(path: Self.path("models/no-pooling-type.gguf")).warnings == [.missingPooling])
  }
}
