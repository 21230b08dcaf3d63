import GGUF
import Tokenization
import Touchstone

/// The vocabulary of a model to be made: text tokens and merges, then Qwen3's special tokens, then unused
/// rows.
package struct SyntheticVocabulary: Sendable {
  private let textTokens: [String]
  private let merges: [String]

  /// The 256 bytes without a merge: any text can be tokenized, a byte a token.
  package static let bytes = SyntheticVocabulary(
    textTokens: ByteSpelling.characters.sorted().compactMap(Unicode.Scalar.init).map {
      String(Character($0))
    },
    merges: [])

  /// The tokens of a GGUF file before its first special one, and their merges.
  ///
  /// - Throws: ``TouchstoneError`` where the file cannot be read or has no byte-level BPE vocabulary.
  package init(path: String) throws(TouchstoneError) {
    let metadata = try TouchstoneError.openFile(path).metadata
    let model: String
    do throws(GGUFError) {
      model = try metadata.string("tokenizer.ggml.model")
      let tokens = try metadata.array("tokenizer.ggml.tokens").strings()
      let types = try metadata.array("tokenizer.ggml.token_type").integers(as: Int32.self)
      let count = types.firstIndex { $0 != TokenType.normal.rawValue } ?? types.count
      textTokens = Array(tokens.prefix(count))
      merges = try metadata.array("tokenizer.ggml.merges").strings()
    } catch {
      throw .file(error)
    }
    guard model == "gpt2" else {
      throw .vocabulary(
        path: path, .otherTokenizer(key: "tokenizer.ggml.model", found: model, needed: "gpt2"))
    }
    guard textTokens.count >= Self.bytes.textTokens.count else {
      throw .vocabulary(
        path: path,
        .tooFewTextTokens(found: textTokens.count, needed: Self.bytes.textTokens.count))
    }
  }

  private init(textTokens: [String], merges: [String]) {
    self.textTokens = textTokens
    self.merges = merges
  }

  /// The rows of a vocabulary with all text tokens and all special ones.
  package var naturalSize: Int { textTokens.count + Self.controlTokens.count + Self.userDefinedTokens.count }

  /// The 256 bytes and the special tokens.
  package static let minimumSize = 256 + controlTokens.count + userDefinedTokens.count

  /// In the order of their ids in Qwen3's vocabulary, from 151,643.
  static let controlTokens = [
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>",
    "<|box_start|>",
    "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>",
    "<|image_pad|>", "<|video_pad|>",
  ]
  /// Those that follow.
  static let userDefinedTokens = [
    "<tool_call>", "</tool_call>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>",
    "<|repo_name|>", "<|file_sep|>", "<tool_response>", "</tool_response>", "<think>", "</think>",
  ]
}

extension SyntheticVocabulary {
  /// The `tokenizer.ggml.*` keys of a file with `size` rows.
  ///
  /// Where rows are scarce, user-defined tokens give way, as in the published 4B and 8B files; then the last
  /// text tokens with their merges, of which every beginning is a working vocabulary.
  func add(to metadata: inout Metadata, size: Int) {
    let controls = Self.controlTokens
    let special = controls + Self.userDefinedTokens
    let textCount = min(
      textTokens.count, size >= textTokens.count + controls.count ? textTokens.count : size - special.count)
    let specialCount = min(special.count, size - textCount)
    let unusedCount = size - textCount - specialCount
    let tokens =
      textTokens.prefix(textCount) + special.prefix(specialCount)
      + (0..<unusedCount).map { "[PAD\(size - unusedCount + $0)]" }
    var types = [Int32](repeating: TokenType.normal.rawValue, count: textCount)
    types += (0..<specialCount).map { ($0 < controls.count ? TokenType.control : .userDefined).rawValue }
    types += [Int32](repeating: TokenType.unused.rawValue, count: unusedCount)

    metadata["tokenizer.ggml.model"] = .string("gpt2")
    metadata["tokenizer.ggml.pre"] = .string("qwen2")
    metadata["tokenizer.ggml.tokens"] = .array(MetadataArray(Array(tokens)))
    metadata["tokenizer.ggml.token_type"] = .array(MetadataArray(types))
    metadata["tokenizer.ggml.merges"] = .array(MetadataArray(merges(ofFirst: textCount)))
    let endOfText = UInt32(textCount)
    metadata["tokenizer.ggml.eos_token_id"] = .uint32(endOfText)
    metadata["tokenizer.ggml.padding_token_id"] = .uint32(endOfText)
    metadata["tokenizer.ggml.bos_token_id"] = .uint32(endOfText)
    metadata["tokenizer.ggml.eot_token_id"] = .uint32(endOfText + 2)
    metadata["tokenizer.ggml.add_bos_token"] = .bool(false)
    metadata["tokenizer.ggml.add_eos_token"] = .bool(true)
  }

  /// The merges that join and make tokens of the first `count` only.
  private func merges(ofFirst count: Int) -> [String] {
    guard count < textTokens.count else { return merges }
    let kept = Set(textTokens.prefix(count))
    return merges.filter { merge in
      let parts = merge.split(separator: " ", maxSplits: 1)
      return parts.count == 2 && parts.allSatisfy { kept.contains(String($0)) }
        && kept.contains(parts.joined())
    }
  }
}
