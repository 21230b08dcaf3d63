import GGUF

/// A file's statements about its tokenizer.
public struct VocabularyFacts: Sendable, Equatable {
  /// The kind of tokenizer: `gpt2` is byte-level BPE.
  public let model: String?
  /// The split before the merges: `qwen2`.
  public let splitting: String?
  public let tokenCount: Int?
  public let mergeCount: Int?
  /// The token that the file names as end of text.
  public let endOfText: Token?
  /// Whether the file asks for the end of text after every text; nil where it does not say.
  public let appendsEndOfText: Bool?
  /// Whether the file asks for a token before every text; nil where it does not say.
  public let prependsBeginningOfText: Bool?
  /// The token written `<|endoftext|>`, which is the end of text of every Qwen3-Embedding model.
  public let qwenEndOfText: Token?

  public struct Token: Sendable, Equatable {
    public let id: Int
    /// nil where the vocabulary has no such id.
    public let text: String?
  }

  init(_ metadata: Metadata) {
    func key(_ name: String) -> String { "tokenizer.ggml.\(name)" }
    model = try? metadata.stringIfPresent(key("model"))
    splitting = try? metadata.stringIfPresent(key("pre"))
    let tokens = try? metadata.arrayIfPresent(key("tokens"))
    let texts = try? tokens?.flatStrings()
    func text(_ id: Int) -> String? {
      guard let texts, (0..<texts.count).contains(id) else { return nil }
      return String(decoding: texts[id], as: UTF8.self)
    }
    tokenCount = tokens?.count
    mergeCount = (try? metadata.arrayIfPresent(key("merges")))?.count
    endOfText = (try? metadata.integerIfPresent(key("eos_token_id"))).map { Token(id: $0, text: text($0)) }
    appendsEndOfText = try? metadata.boolIfPresent(key("add_eos_token"))
    prependsBeginningOfText = try? metadata.boolIfPresent(key("add_bos_token"))
    let expected = "<|endoftext|>"
    qwenEndOfText = texts?.firstIndex(spelled: expected).map { Token(id: $0, text: expected) }
  }
}
