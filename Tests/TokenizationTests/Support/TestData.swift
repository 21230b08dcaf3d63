import Foundation
import Tokenization

enum TestData {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../testdata").standardizedFileURL

  static func lines(_ name: String) throws -> [Substring] {
    let text = try String(contentsOf: folder.appending(path: "tokenizer/" + name), encoding: .utf8)
    // `split(separator: "\n")` would go by characters, of which a line end may be only a part.
    return text.utf8.split(separator: UInt8(ascii: "\n")).map { Substring($0) }
  }

  static let endOfText: TokenID = 151_643

  /// The vocabulary of the file: Qwen2's, filled up with placeholders.
  static let qwen2 = Result { try VocabularyFile("qwen2-vocab.gguf") }

  /// The same with the added tokens of Qwen3.
  static let qwen3 = Result {
    var file = try qwen2.get()
    let control = [
      "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>",
      "<|box_start|>",
      "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>",
      "<|image_pad|>", "<|video_pad|>",
    ]
    let userDefined = [
      "<tool_call>", "</tool_call>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>",
      "<|repo_name|>", "<|file_sep|>", "<tool_response>", "</tool_response>", "<think>", "</think>",
    ]
    file.tokens = file.tokens[..<Int(endOfText)] + control + userDefined
    file.types = Array(file.types[..<Int(endOfText)])
    file.types += control.map { _ in TokenType.control.rawValue }
    file.types += userDefined.map { _ in TokenType.userDefined.rawValue }
    return file
  }

  static let qwen3Tokenizer = Result { try qwen3.get().tokenizer() }
}

extension VocabularyFile {
  func tokenizer() throws -> Tokenizer {
    try Tokenizer(
      vocabulary: Vocabulary(tokens: TokenStrings(tokens), types: types, merges: TokenStrings(merges)),
      configuration: TokenizerConfiguration(endOfText: TestData.endOfText))
  }
}

/// 64-bit FNV-1a over ids, least significant byte first; the golden files hold its low half.
struct TokenHash {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func combine(_ ids: [TokenID]) {
    for id in ids {
      for shift in [UInt32(0), 8, 16, 24] {
        state = (state ^ UInt64(id >> shift & 0xFF)) &* 0x100_0000_01B3
      }
    }
  }

  var value: UInt32 { UInt32(truncatingIfNeeded: state) }
}
