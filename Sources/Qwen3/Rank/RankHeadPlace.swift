import GGUF

/// Where in a file the head of a reranker is: the rows whose products with the last token's state are the logits of
/// "yes" and "no".
///
/// A file is taken for a reranker only where it says so: an embedding model without `output.weight` has the tensors of
/// a reranker whose head is tied to the embedding table, and would give scores that mean nothing.
public enum RankHeadPlace: Sendable, Equatable {
  /// Rows of `cls.output.weight`, as `classifier.output_labels` names them. `no` is nil where there is one row, which
  /// holds the difference.
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

  package static let labelsKey = "qwen3.classifier.output_labels"
  /// The prompt that llama.cpp fills in.
  package static let templateKey = "tokenizer.chat_template.rerank"
}

extension RankHeadPlace {
  /// Reads what the header says; no tensor.
  ///
  /// - Parameter tokenID: the id of a token by its spelling.
  /// - Throws: ``ModelError/rankHead(_:)``
  public init(_ file: GGUFFile, tokenID: (String) -> Int?) throws(ModelError) {
    guard Self.isReranker(file) else {
      let pooling = try? file.metadata.unsignedIntegerIfPresent("qwen3.pooling_type")
      throw .rankHead(pooling.map { .otherPooling($0) } ?? .noEvidence)
    }
    if let head = file.tensorIfPresent(named: TensorName.classifierOutput) {
      self = try Self.classifier(head, file)
      return
    }
    func row(_ token: String) throws(ModelError) -> Int {
      guard let id = tokenID(token) else { throw .rankHead(.missingToken(token)) }
      return id
    }
    let yes = try row("yes")
    let no = try row("no")
    let hasOutput = file.tensorIfPresent(named: TensorName.output) != nil
    self = hasOutput ? .output(yes: yes, no: no) : .tiedEmbedding(yes: yes, no: no)
  }

  /// Whether a file says that it is a reranker: by its head, by pooling `rank`, or, where it says nothing of pooling, by
  /// a prompt for reranking or its name (conversions before llama.cpp knew Qwen3-Reranker have nothing else).
  public static func isReranker(_ file: GGUFFile) -> Bool {
    if file.tensorIfPresent(named: TensorName.classifierOutput) != nil { return true }
    let metadata = file.metadata
    guard metadata["qwen3.pooling_type"] == nil else {
      return (try? metadata.unsignedIntegerIfPresent("qwen3.pooling_type")) == 4
    }
    if metadata[templateKey] != nil { return true }
    return ["general.name", "general.basename", "general.finetune"].contains { key in
      (try? metadata.stringIfPresent(key))?.lowercased().contains("rerank") ?? false
    }
  }

  private static func classifier(_ head: TensorInfo, _ file: GGUFFile) throws(ModelError) -> RankHeadPlace {
    for name in ["cls.weight", "cls.bias", "cls.output.bias"] where file.tensorIfPresent(named: name) != nil {
      throw .rankHead(.otherTensor(name))
    }
    let rowCount = head.shape.count == 2 ? head.shape[0] : 1
    let labels: [String]?
    do { labels = try file.metadata.arrayIfPresent(labelsKey)?.strings() } catch { throw .file(error) }
    switch (rowCount, labels) {
    case (1, nil): return .classifier(yes: 0, no: nil)
    case (1, let labels?) where labels.count == 1 && labels != ["no"]: return .classifier(yes: 0, no: nil)
    case (2, ["yes", "no"]?): return .classifier(yes: 0, no: 1)
    case (2, ["no", "yes"]?): return .classifier(yes: 1, no: 0)
    case (1...2, let labels?): throw .rankHead(.labels(labels, rowCount: rowCount))
    case (2, nil): throw .rankHead(.missingLabels)
    default: throw .rankHead(.rowCount(rowCount))
    }
  }
}
