import ForeignText
import GGUF
import Tokenization

/// The tokenizer that a GGUF file describes in its `tokenizer.ggml.*` keys.
struct VocabularyFile {
  let tokenizer: Tokenizer
  let endOfText: EndOfTextSetting

  /// - Throws: ``GGUFError``, ``TokenizationError`` or ``VocabularyError``, and no other error.
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
    let beginning = try Self.tokenIfPresent("tokenizer.ggml.bos_token_id", in: metadata, vocabulary)
    guard beginning != nil || !addsBeginning else {
      throw GGUFError(file.path, .missingKey("tokenizer.ggml.bos_token_id"))
    }
    try Self.checkNormalizer(metadata)
    tokenizer = try Tokenizer(
      vocabulary: vocabulary,
      configuration: TokenizerConfiguration(
        beginningOfText: addsBeginning ? beginning.map(TokenID.init(clamping:)) : nil,
        endOfText: endOfText.appendedToken.map(TokenID.init(clamping:))))
  }

  /// The id of a token that a file names for a role.
  ///
  /// - Throws: ``VocabularyError/tokenOutOfRange(key:id:tokenCount:)``, ``GGUFError``.
  static func tokenIfPresent(_ key: String, in metadata: Metadata, _ vocabulary: Vocabulary) throws -> Int? {
    guard let id = try metadata.unsignedIntegerIfPresent(key) else { return nil }
    guard id < vocabulary.count else {
      throw VocabularyError.tokenOutOfRange(key: key, id: id, tokenCount: vocabulary.count)
    }
    return id
  }

  /// Texts are normalized to NFC, and in no other way.
  private static func checkNormalizer(_ metadata: Metadata) throws {
    for entry in metadata.entries where entry.key.utf8.starts(with: "tokenizer.ggml.normalizer.".utf8) {
      if case .bool(false) = entry.value { continue }
      throw VocabularyError.otherNormalizer(key: entry.key)
    }
  }

  private static func require(_ key: String, among needed: [String], in metadata: Metadata) throws {
    let found = try metadata.string(key)
    guard needed.contains(where: { found.hasBytes(of: $0) }) else {
      throw VocabularyError.otherTokenizer(key: key, found: found, needed: needed[0])
    }
  }
}

/// A file's statements about the token that ends every text.
///
/// Qwen3-Embedding was trained with exactly one `<|endoftext|>` after every text. A file that does not say
/// whether to append it (conversions before mid-2025) gets it, since the model needs it; a file that says
/// otherwise is followed. Both are reported by ``warnings``.
public struct EndOfTextSetting: Sendable, Equatable {
  /// `tokenizer.ggml.add_eos_token`, nil where the file lacks it.
  public let addsToken: Bool?
  /// `tokenizer.ggml.eos_token_id`, nil where the file lacks it.
  public let declaredToken: Int?
  /// How the vocabulary spells that token.
  let declaredText: String?
  /// The id of `<|endoftext|>` in the vocabulary.
  public let endOfTextToken: Int?

  /// - Throws: ``GGUFError`` or ``VocabularyError``.
  init(_ metadata: Metadata, _ vocabulary: Vocabulary) throws {
    addsToken = try metadata.boolIfPresent("tokenizer.ggml.add_eos_token")
    declaredToken = try VocabularyFile.tokenIfPresent("tokenizer.ggml.eos_token_id", in: metadata, vocabulary)
    declaredText = declaredToken.flatMap { vocabulary.piece(TokenID(clamping: $0)) }
      .map { String(decoding: $0, as: UTF8.self) }
    endOfTextToken = vocabulary.token(spelled: "<|endoftext|>")
  }

  /// The token appended to every text, or nil.
  public var appendedToken: Int? { addsToken == false ? nil : declaredToken ?? endOfTextToken }

  /// Differences from the training of Qwen3-Embedding.
  public var warnings: [ModelWarning] {
    ModelWarning.endOfText(
      declared: declaredToken, text: declaredText, expected: endOfTextToken, isAppended: addsToken)
  }
}
