import Foundation
import TestModels
import Testing
import Touchstone
import Workbench

/// The vocabulary of made models, through the tokenizer that reads it.
@Suite struct SyntheticVocabularyTests {
  private let qwen = TestModels.testdata.appending(path: "qwen2-vocab.gguf").path

  private func tokenizer(size: Int, _ vocabulary: SyntheticVocabulary) throws -> TextTokenizer {
    let made = try MadeModel(.F16, vocabulary: vocabulary) {
      $0.vocabularySize = size
      $0.hiddenSize = 16
      $0.feedForwardSize = 16
      $0.layerCount = 1
    }
    return try TextTokenizer(path: made.path)
  }

  @Test func aFullVocabularyIsQwen3s() throws {
    let vocabulary = try SyntheticVocabulary(path: qwen)
    #expect(vocabulary.naturalSize == 151_669)
    let made = try tokenizer(size: 151_669, vocabulary)
    #expect(made.tokenIDs(of: "!#012") == [0, 2, 15, 16, 17, 151_643])
    #expect(made.tokenIDs(of: "<|im_end|><tool_call></think>") == [151_645, 151_657, 151_668, 151_643])
    let reference = try TextTokenizer(path: qwen)
    let text = "Всеобщая декларация: 世界人权宣言, 12,345 naïve\tcafés\n  function()"
    #expect(made.tokenIDs(of: text).dropLast() == reference.tokenIDs(of: text).prefix { $0 != 151_643 })
  }

  @Test func the4BFilesLackTheLastFourTokens() throws {
    let tokenizer = try tokenizer(size: 151_665, try SyntheticVocabulary(path: qwen))
    #expect(tokenizer.tokenIDs(of: "<|file_sep|>") == [151_664, 151_643])
    #expect(tokenizer.tokenIDs(of: "<think>").count > 2)
  }

  @Test func aCutVocabularyWorks() throws {
    let tokenizer = try tokenizer(size: 2000, try SyntheticVocabulary(path: qwen))
    #expect(tokenizer.vocabularySize == 2000)
    #expect(tokenizer.endOfText == 1974)
    let text = "The quick brown 狐 jumps over 13 lazy dogs."
    let ids = tokenizer.tokenIDs(of: text)
    #expect(ids.count < text.utf8.count)
    #expect(try tokenizer.decode(ids, skippingSpecialTokens: true) == text)
  }

  @Test func bytesAreEnough() throws {
    let tokenizer = try tokenizer(size: 400, .bytes)
    #expect(tokenizer.tokenIDs(of: "!\"é") == [0, 1, 127, 102, 256])
    #expect(try tokenizer.decode(tokenizer.tokenIDs(of: "é 狐"), skippingSpecialTokens: true) == "é 狐")
    #expect(try tokenizer.piece(399) == "[PAD399]")
  }

  @Test func aFileWithoutAVocabularyIsNamed() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "none-\(UUID().uuidString).gguf").path
    #expect { try SyntheticVocabulary(path: path) } throws: { "\($0)".hasPrefix("\(path): ") }
  }
}
