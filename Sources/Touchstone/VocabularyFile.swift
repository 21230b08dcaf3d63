import GGUF
import Tokenization

/// The tokenizer that a GGUF file describes in its `tokenizer.ggml.*` keys.
struct VocabularyFile {
  let tokenizer: Tokenizer
  let endOfText: EndOfTextSetting

  /// - Throws: ``GGUFError``, ``TokenizationError`` or ``Unsupported``.
  init(_ file: GGUFFile) throws {
    let metadata = file.metadata
    try Self.require("tokenizer.ggml.model", among: ["gpt2"], in: metadata)
    try Self.require("tokenizer.ggml.pre", among: ["qwen2", "qwen3"], in: metadata)

    func strings(_ key: String, _ list: TokenizationError.StringList) throws -> TokenStrings {
      let flat = try metadata.array(key).flatStrings()
      return try TokenStrings(bytes: flat.bytes, offsets: flat.offsets, of: list)
    }
    let tokens = try strings("tokenizer.ggml.tokens", .tokens)
    let types =
      try metadata.arrayIfPresent("tokenizer.ggml.token_type")?.integers(as: Int32.self)
      ?? Array(repeating: 1, count: tokens.count)
    let vocabulary = try Vocabulary(
      tokens: tokens, types: types, merges: try strings("tokenizer.ggml.merges", .merges))

    endOfText = try EndOfTextSetting(metadata, vocabulary)
    let addsBeginning = try metadata.boolIfPresent("tokenizer.ggml.add_bos_token") ?? false
    let beginning = try metadata.unsignedIntegerIfPresent("tokenizer.ggml.bos_token_id")
    tokenizer = try Tokenizer(
      vocabulary: vocabulary,
      configuration: TokenizerConfiguration(
        beginningOfText: addsBeginning ? beginning.map(TokenID.init(clamping:)) : nil,
        endOfText: endOfText.appendedToken.map(TokenID.init(clamping:))))
  }

  /// A tokenizer of another kind than byte-level BPE with the qwen2 split pattern.
  struct Unsupported: Error, CustomStringConvertible {
    let key: String
    let found: String
    let needed: [String]

    var description: String {
      "\(key) is '\(found)', but this engine tokenizes '\(needed[0])' only; use a Qwen3-Embedding file"
    }
  }

  private static func require(_ key: String, among needed: [String], in metadata: Metadata) throws {
    let found = try metadata.string(key)
    guard needed.contains(found) else { throw Unsupported(key: key, found: found, needed: needed) }
  }
}
