import ForeignText
import GGUF
import Qwen3

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
  /// The rotation's base is not stated: 10,000 is taken, and Qwen3 was trained with 1,000,000.
  case missingRopeTheta
  /// Every token attends to the whole text, where Qwen3's attend to those before them.
  case bidirectionalAttention
  /// Keys under `qwen3.` that the engine does not know.
  case unknownKeys([String])
  /// The name says reranker, and nothing else does.
  case otherReranker
  /// A reranker is used for vectors.
  case rerankerForEmbedding
  /// A reranker whose head cannot be used, and why.
  case rerankerHead(RerankerHeadError)
  /// A reranker without `cls.output.weight`: rows of another tensor answer.
  case rerankerHeadOfTokens(tensor: String)
  /// The file's prompt for reranking is not the one that Qwen3-Reranker was trained with.
  case otherRerankTemplate

  /// Whether such a file is refused, so that an error says it too.
  var isRefusal: Bool {
    switch self {
    case .otherArchitecture, .unsupportedFormat, .noVocabulary, .otherTokenizer, .endOfTextOutOfRange,
      .rerankerHead:
      true
    default: false
    }
  }

  public var description: String {
    switch self {
    case .otherArchitecture(let found):
      "the architecture is \(found.map(\.quoted) ?? "not stated"), and only qwen3 can be embedded with"
    case .noTensors:
      "the file has no tensors: it is a vocabulary, which tokenizes but cannot embed"
    case .unsupportedFormat(let name, let tensorCount):
      "\(tensorCount) tensors are stored as \(name), which the engine cannot compute with; use another quantization"
    case .noVocabulary:
      "the file has no vocabulary, so texts cannot be tokenized; convert the model again"
    case .otherTokenizer(let model, let splitting):
      "the tokenizer is \(model.map(\.quoted) ?? "not stated") with "
        + "\(splitting.map { "the split \($0.quoted)" } ?? "no split stated"), "
        + "where Qwen3 has gpt2 with the qwen2 split"
    case .wrongEndOfText(let id, let text, let expected):
      "tokenizer.ggml.eos_token_id is \(id)\(text.map { " (\($0.quoted))" } ?? ""), where Qwen3-Embedding ends texts with "
        + "\(expected) (<|endoftext|>); the file is followed, which is right if the model was trained so"
    case .endOfTextOutOfRange(let id, let vocabularySize):
      "tokenizer.ggml.eos_token_id is \(id), and the vocabulary has \(vocabularySize) tokens"
    case .missingEndOfText:
      "tokenizer.ggml.eos_token_id is missing; <|endoftext|> is appended where the vocabulary has it"
    case .missingAppendEndOfText:
      "tokenizer.ggml.add_eos_token is missing, as in files converted before mid-2025; the end of text is appended "
        + "all the same, since Qwen3-Embedding needs it"
    case .endOfTextNotAppended:
      "tokenizer.ggml.add_eos_token is false, where Qwen3-Embedding has the end of text after every text; the file is "
        + "followed, which is right if the model was trained so"
    case .beginningOfTextPrepended:
      "tokenizer.ggml.add_bos_token is true, where Qwen3-Embedding has no token before a text; the file is followed"
    case .missingPooling:
      "qwen3.pooling_type is missing, as in files converted before mid-2025; the last token is pooled, since "
        + "Qwen3-Embedding needs it"
    case .otherPooling(let found):
      "qwen3.pooling_type is \(found), where Qwen3-Embedding has last; the file is followed, which is right if the model "
        + "was trained so"
    case .missingRopeTheta:
      "qwen3.rope.freq_base is missing, where Qwen3-Embedding has 1000000; 10000 is taken, as llama.cpp does, and the vectors "
        + "are wrong if the model was trained with another"
    case .bidirectionalAttention:
      "qwen3.attention.causal is false, where Qwen3-Embedding's tokens attend to those before them; the file is followed, "
        + "which is right if the model was trained so"
    case .unknownKeys(let keys):
      "the file has \(keys.count == 1 ? "a key" : "\(keys.count) keys") that this engine does not know "
        + "(\(keys.quotedList(limit: 3))); if they change the model, its vectors are wrong"
    case .otherReranker:
      "the name says that the file is a reranker, and it has no head that Qwen3-Reranker has: it is taken for an embedding "
        + "model, and its vectors may mean nothing"
    case .rerankerForEmbedding:
      "the file is a reranker: it was trained to judge documents, not for vectors that can be compared; use a "
        + "Qwen3-Embedding file"
    case .rerankerHead(let error): error.description
    case .rerankerHeadOfTokens(let tensor):
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
    // What such a file lacks to be a model is no surprise.
    if case .companion = kind { return [] }
    let isQwen3 = architecture?.hasBytes(of: "qwen3") ?? false
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
    func isOneOf(_ names: [String], _ found: String?) -> Bool {
      found.map { found in names.contains { found.hasBytes(of: $0) } } ?? false
    }
    if !isOneOf(["gpt2"], vocabulary.model) || !isOneOf(["qwen2", "qwen3"], vocabulary.splitting) {
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

  /// Oddities of the end of text.
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

  /// Oddities of a reranker whose head was found.
  static func reranker(_ head: RerankerHead, _ metadata: Metadata) -> [ModelWarning] {
    var warnings: [ModelWarning] = []
    switch head {
    case .classifier: break
    case .output, .tiedEmbedding: warnings.append(.rerankerHeadOfTokens(tensor: head.tensorName))
    }
    let template = try? metadata.stringIfPresent(RerankerHead.templateKey)
    if let template, !template.hasBytes(of: RerankPrompt.template) { warnings.append(.otherRerankTemplate) }
    return warnings
  }

  /// Oddities of a model's configuration.
  static func configuration(_ configuration: ModelConfiguration) -> [ModelWarning] {
    (configuration.statesRopeTheta ? [] : [.missingRopeTheta])
      + (configuration.isCausal ? [] : [.bidirectionalAttention])
      + (configuration.unknownKeys.isEmpty ? [] : [.unknownKeys(configuration.unknownKeys)])
  }

  static func pooling(_ pooling: String?) -> [ModelWarning] {
    switch pooling {
    case nil: [.missingPooling]
    case "last"?, "rank"?: []
    case let other?: [.otherPooling(other)]
    }
  }
}
