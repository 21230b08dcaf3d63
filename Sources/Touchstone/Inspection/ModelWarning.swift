import GGUF

/// Something about a file that may surprise its user. `description` is one sentence.
public enum ModelWarning: Sendable, Equatable, CustomStringConvertible {
  /// The engine runs Qwen3 only.
  case otherArchitecture(String?)
  /// A vocabulary-only file: it tokenizes, and cannot embed.
  case noTensors
  case unsupportedFormat(name: String, tensorCount: Int)
  case noVocabulary
  case otherTokenizer(model: String?, splitting: String?)
  /// The file names another token as end of text than the model was trained with.
  case wrongEndOfText(id: Int, text: String?, expected: Int)
  case endOfTextOutOfRange(id: Int, vocabularySize: Int)
  case missingEndOfText
  case missingAppendEndOfText
  case endOfTextNotAppended
  case beginningOfTextPrepended
  case missingPooling
  /// Qwen3-Embedding is pooled at the last token.
  case otherPooling(String)
  /// A reranker is used for vectors.
  case rerankerForEmbedding
  /// A reranker whose head cannot be used, and why.
  case rankHead(String)
  /// A reranker without `cls.output.weight`: rows of another tensor answer.
  case rankHeadOfTokens(tensor: String)
  /// The file's prompt for reranking is not the one that Qwen3-Reranker was trained with.
  case otherRerankTemplate

  public var description: String {
    switch self {
    case .otherArchitecture(let found):
      "the architecture is \(found.map { "'\($0)'" } ?? "not stated"), and only qwen3 can be embedded with"
    case .noTensors:
      "the file has no tensors: it is a vocabulary, which tokenizes but cannot embed"
    case .unsupportedFormat(let name, let tensorCount):
      "\(tensorCount) tensors are stored as \(name), which the engine cannot compute with; use another quantisation"
    case .noVocabulary:
      "the file has no vocabulary, so texts cannot be tokenized; convert the model again"
    case .otherTokenizer(let model, let splitting):
      "the tokenizer is \(model ?? "not stated") with \(splitting.map { "the \($0) split" } ?? "no split stated"), "
        + "where Qwen3 has gpt2 with the qwen2 split"
    case .wrongEndOfText(let id, let text, let expected):
      "tokenizer.ggml.eos_token_id is \(id)\(text.map { " (\($0))" } ?? ""), where Qwen3-Embedding ends texts with "
        + "\(expected) (<|endoftext|>); the file is followed, and its vectors differ from the model's own"
    case .endOfTextOutOfRange(let id, let vocabularySize):
      "tokenizer.ggml.eos_token_id is \(id), and the vocabulary has \(vocabularySize) tokens"
    case .missingEndOfText:
      "tokenizer.ggml.eos_token_id is missing; <|endoftext|> is appended where the vocabulary has it"
    case .missingAppendEndOfText:
      "tokenizer.ggml.add_eos_token is missing, as in files converted before mid-2025; the end of text is appended "
        + "all the same, since Qwen3-Embedding needs it"
    case .endOfTextNotAppended:
      "tokenizer.ggml.add_eos_token is false, where Qwen3-Embedding needs the end of text after every text; the file is "
        + "followed, and its vectors differ from the model's own"
    case .beginningOfTextPrepended:
      "tokenizer.ggml.add_bos_token is true, where Qwen3-Embedding has no token before a text"
    case .missingPooling:
      "qwen3.pooling_type is missing, as in files converted before mid-2025; the last token is pooled, since "
        + "Qwen3-Embedding needs it"
    case .otherPooling(let found):
      "qwen3.pooling_type is \(found), where Qwen3-Embedding needs last; the file is followed, and its vectors differ "
        + "from the model's own"
    case .rerankerForEmbedding:
      "the file is a reranker: it was trained to judge documents, not for vectors that can be compared; use a "
        + "Qwen3-Embedding file"
    case .rankHead(let reason): reason
    case .rankHeadOfTokens(let tensor):
      "there is no cls.output.weight: the rows of the tokens yes and no in \(tensor) take its place, which is right "
        + "where \(tensor) is the model's output; llama.cpp's scores of such a file mean nothing"
    case .otherRerankTemplate:
      "tokenizer.chat_template.rerank is not Qwen3-Reranker's prompt; it is not used, and if the model was trained with "
        + "it, the scores differ from the model's own"
    }
  }

  static func all(
    architecture: String?, kind: ModelKind, pooling: String?, vocabulary: VocabularyFacts,
    blockFormats: [BlockFormatUse]
  ) -> [ModelWarning] {
    var warnings: [ModelWarning] = []
    let isQwen3 = architecture == "qwen3"
    if !isQwen3 { warnings.append(.otherArchitecture(architecture)) }
    if blockFormats.isEmpty { warnings.append(.noTensors) }
    for format in blockFormats where !format.isSupported {
      warnings.append(.unsupportedFormat(name: format.name, tensorCount: format.tensorCount))
    }
    warnings += all(vocabulary, kind)
    // Other architectures and bare vocabularies have no pooling to miss.
    if kind == .embedding { warnings += Self.pooling(pooling) }
    return warnings
  }

  private static func all(_ vocabulary: VocabularyFacts, _ kind: ModelKind) -> [ModelWarning] {
    guard let tokenCount = vocabulary.tokenCount else { return [.noVocabulary] }
    var warnings: [ModelWarning] = []
    if vocabulary.model != "gpt2" || !["qwen2", "qwen3"].contains(vocabulary.splitting) {
      warnings.append(.otherTokenizer(model: vocabulary.model, splitting: vocabulary.splitting))
    }
    // A reranker's prompt says itself how it begins and ends.
    if case .reranker = kind { return warnings }
    if let end = vocabulary.endOfText, !(0..<tokenCount).contains(end.id) {
      warnings.append(.endOfTextOutOfRange(id: end.id, vocabularySize: tokenCount))
    } else {
      warnings += endOfText(
        declared: vocabulary.endOfText?.id, text: vocabulary.endOfText?.text,
        expected: vocabulary.qwenEndOfText?.id, isAppended: vocabulary.appendsEndOfText)
    }
    if vocabulary.prependsBeginningOfText == true { warnings.append(.beginningOfTextPrepended) }
    return warnings
  }

  /// What is odd about the end of text.
  ///
  /// - Parameters:
  ///   - declared: `tokenizer.ggml.eos_token_id`, spelled `text`.
  ///   - expected: the id of `<|endoftext|>`.
  ///   - isAppended: `tokenizer.ggml.add_eos_token`.
  static func endOfText(declared: Int?, text: String?, expected: Int?, isAppended: Bool?) -> [ModelWarning] {
    var warnings: [ModelWarning] = []
    if let declared {
      if let expected, expected != declared {
        warnings.append(.wrongEndOfText(id: declared, text: text, expected: expected))
      }
    } else {
      warnings.append(.missingEndOfText)
    }
    switch isAppended {
    case nil: warnings.append(.missingAppendEndOfText)
    case false?: warnings.append(.endOfTextNotAppended)
    case true?: break
    }
    return warnings
  }

  /// What is odd about a reranker whose head was found.
  static func reranker(_ head: RankHeadPlace, _ metadata: Metadata) -> [ModelWarning] {
    var warnings: [ModelWarning] = []
    switch head {
    case .classifier: break
    case .output, .tiedEmbedding: warnings.append(.rankHeadOfTokens(tensor: head.tensorName))
    }
    let template = try? metadata.stringIfPresent(RankHeadPlace.templateKey)
    if let template, template != RerankPrompt.template { warnings.append(.otherRerankTemplate) }
    return warnings
  }

  static func pooling(_ pooling: String?) -> [ModelWarning] {
    switch pooling {
    case nil: [.missingPooling]
    case "last"?, "rank"?: []
    case let other?: [.otherPooling(other)]
    }
  }
}
