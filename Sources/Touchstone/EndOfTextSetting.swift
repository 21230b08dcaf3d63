import GGUF
import Tokenization

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
