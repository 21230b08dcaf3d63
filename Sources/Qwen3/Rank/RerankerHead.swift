import ForeignText
import GGUF

/// Where in a file the head of a reranker is: the rows whose products with the last token's state are the
/// logits of "yes" and "no".
///
/// A file is taken for a reranker only where it says so: an embedding model without `output.weight` has the
/// tensors of a reranker whose head is tied to the embedding table, and would give scores that mean nothing.
public enum RerankerHead: Sendable, Equatable {
  /// Rows of `cls.output.weight`, as `classifier.output_labels` names them. `no` is nil where there is one
  /// row, which holds the difference.
  case classifier(yes: Int, no: Int?)
  /// The rows of the two tokens in `output.weight`.
  case output(yes: Int, no: Int)
  /// The rows of the two tokens in `token_embd.weight`, which serves as the output too.
  case tiedEmbedding(yes: Int, no: Int)

  /// The tensor with the rows.
  public var tensorName: String {
    switch self {
    case .classifier: TensorName.classifierOutput
    case .output: TensorName.output
    case .tiedEmbedding: TensorName.tokenEmbedding
    }
  }

  /// The of heads that classify; Qwen3-Reranker has the first.
  static let classifierTensors = [TensorName.classifierOutput] + otherClassifierTensors
  private static let otherClassifierTensors = ["cls.weight", "cls.bias", "cls.output.bias"]

  package static let labelsKey = "qwen3.classifier.output_labels"
  /// The prompt that llama.cpp fills in.
  package static let templateKey = "tokenizer.chat_template.rerank"
}

extension RerankerHead {
  /// Reads the header; no tensor.
  ///
  /// - Parameter tokenID: the id of a token by its spelling.
  /// - Throws: ``ModelError/rerankerHead(_:)``
  package init(_ file: GGUFFile, tokenID: (String) -> Int?) throws(ModelError) {
    guard Self.isReranker(file) else {
      let pooling = try? file.metadata.unsignedIntegerIfPresent("qwen3.pooling_type")
      throw .rerankerHead(pooling.map { .otherPooling($0) } ?? .noEvidence)
    }
    for name in Self.otherClassifierTensors where file.tensorIfPresent(named: name) != nil {
      throw .rerankerHead(.otherTensor(name))
    }
    if let head = file.tensorIfPresent(named: TensorName.classifierOutput) {
      self = try Self.classifier(head, file)
      return
    }
    func row(_ token: String) throws(ModelError) -> Int {
      guard let id = tokenID(token) else { throw .rerankerHead(.missingToken(token)) }
      return id
    }
    let yes = try row("yes")
    let no = try row("no")
    let hasOutput = file.tensorIfPresent(named: TensorName.output) != nil
    self = hasOutput ? .output(yes: yes, no: no) : .tiedEmbedding(yes: yes, no: no)
  }

  /// Whether a file says that it is a reranker of this kind: by its head, by pooling `rank`, or, where it
  /// says nothing of pooling, by its labels, by a prompt for reranking, or by being Qwen3-Reranker itself
  /// (conversions before llama.cpp knew it have nothing else). "Rerank" in a name is not enough: other
  /// rerankers are built on Qwen3, with other heads.
  package static func isReranker(_ file: GGUFFile) -> Bool {
    if classifierTensors.contains(where: { file.tensorIfPresent(named: $0) != nil }) { return true }
    let metadata = file.metadata
    guard metadata["qwen3.pooling_type"] == nil else {
      return (try? metadata.unsignedIntegerIfPresent("qwen3.pooling_type")) == 4
    }
    if metadata[labelsKey] != nil || metadata[templateKey] != nil { return true }
    guard isNamedReranker(file) else { return false }
    return file.tensorIfPresent(named: TensorName.output) != nil || isOfficial(metadata)
  }

  /// Whether the file's name says that it reranks.
  package static func isNamedReranker(_ file: GGUFFile) -> Bool {
    nameKeys.contains { hasWord("rerank", letters(of: $0, file.metadata)) }
  }

  /// Name and shape of Qwen3-Reranker.
  private static func isOfficial(_ metadata: Metadata) -> Bool {
    let names = nameKeys.map { letters(of: $0, metadata) }
    let shape = ["qwen3.block_count", "qwen3.embedding_length"].map {
      (try? metadata.unsignedIntegerIfPresent($0)) ?? 0
    }
    return (names + [Array(names.dropFirst().joined())]).contains { hasWord("qwen3reranker", $0) }
      && [[28, 1024], [36, 2560], [36, 4096]].contains(shape)
  }

  private static let nameKeys = ["general.name", "general.basename", "general.finetune"]

  /// The ASCII letters and digits at the beginning of a name, in lower case.
  private static func letters(of key: String, _ metadata: Metadata) -> [UInt8] {
    guard let name = try? metadata.stringIfPresent(key) else { return [] }
    return name.utf8.prefix(256).compactMap { byte -> UInt8? in
      switch byte {
      case 0x30...0x39, 0x61...0x7A: byte
      case 0x41...0x5A: byte + 0x20
      default: nil
      }
    }
  }

  private static func hasWord(_ word: String, _ letters: [UInt8]) -> Bool {
    letters.indices.contains { letters[$0...].starts(with: word.utf8) }
  }

  private static func classifier(_ head: TensorInfo, _ file: GGUFFile) throws(ModelError) -> RerankerHead {
    let rowCount = head.shape.count == 2 ? head.shape[0] : 1
    let (yes, no) = (Array("yes".utf8), Array("no".utf8))
    let labels: [String]?
    do { labels = try file.metadata.arrayIfPresent(labelsKey)?.strings() } catch { throw .file(error) }
    // Labels may be hostile: only their bytes are compared.
    switch (rowCount, labels.map { $0.prefix(3).map { Array($0.utf8.prefix(4)) } }) {
    case (1, nil): return .classifier(yes: 0, no: nil)
    case (1, let labels?) where labels.count == 1 && labels != [no]: return .classifier(yes: 0, no: nil)
    case (2, [yes, no]?): return .classifier(yes: 0, no: 1)
    case (2, [no, yes]?): return .classifier(yes: 1, no: 0)
    case (1...2, .some): throw .rerankerHead(.labels(labels ?? [], rowCount: rowCount))
    case (2, nil): throw .rerankerHead(.missingLabels)
    default: throw .rerankerHead(.rowCount(rowCount))
    }
  }
}
