import GGUF
import Tokenization

/// What a file says about the token that ends every text.
///
/// Qwen3-Embedding was trained with exactly one `<|endoftext|>` after every text. A file that does not say whether to
/// append it (conversions before mid-2025) gets it, since the model needs it; a file that says otherwise is followed.
/// Both are reported by ``warnings``.
public struct EndOfTextSetting: Sendable, Equatable {
  /// `tokenizer.ggml.add_eos_token`, nil where the file lacks it.
  public let addsToken: Bool?
  /// `tokenizer.ggml.eos_token_id`, nil where the file lacks it.
  public let declaredToken: Int?
  /// The id of `<|endoftext|>` in the vocabulary.
  public let endOfTextToken: Int?

  init(_ metadata: Metadata, _ vocabulary: Vocabulary) throws(GGUFError) {
    addsToken = try metadata.boolIfPresent("tokenizer.ggml.add_eos_token")
    declaredToken = try metadata.unsignedIntegerIfPresent("tokenizer.ggml.eos_token_id")
    endOfTextToken = vocabulary.token(spelled: "<|endoftext|>")
  }

  /// The token appended to every text, or nil.
  public var appendedToken: Int? { addsToken == false ? nil : declaredToken ?? endOfTextToken }

  /// What differs from what Qwen3-Embedding was trained with, a sentence each.
  public var warnings: [String] {
    var warnings: [String] = []
    switch addsToken {
    case nil:
      warnings.append(
        "tokenizer.ggml.add_eos_token is missing (a conversion before mid-2025): the end of text is appended all the same, as the model was trained."
      )
    case false?:
      warnings.append(
        "tokenizer.ggml.add_eos_token is false: no end of text is appended, though Qwen3-Embedding was trained with one; its vectors will differ from the reference."
      )
    case true?: break
    }
    if let declaredToken, let endOfTextToken, declaredToken != endOfTextToken {
      warnings.append(
        "tokenizer.ggml.eos_token_id is \(declaredToken), not <|endoftext|> (\(endOfTextToken)), which Qwen3-Embedding was trained with; the file is followed, and its vectors will differ from the reference."
      )
    }
    if addsToken != false, appendedToken == nil {
      warnings.append("the vocabulary has no <|endoftext|> and names no end of text: none is appended.")
    }
    return warnings
  }
}
