import Foundation
import GGUF
import Qwen3
import Testing

/// Which files are rerankers, and which of their rows answer.
@Suite struct RerankerHeadTests {
  /// A header with the tensors and keys of the case, and 40 tokens.
  private func file(
    tensors: [String: [Int]] = [:], _ change: (inout Metadata) -> Void = { _ in }
  ) throws -> GGUFFile {
    var writer = GGUFWriter()
    change(&writer.metadata)
    for (name, shape) in tensors.merging(["token_embd.weight": [40, 8]], uniquingKeysWith: { $1 })
      .sorted(by: { $0.key < $1.key })
    {
      try writer.addTensor(named: name, type: .f32, shape: shape)
    }
    let path = FileManager.default.temporaryDirectory.appending(path: "rank-\(UUID().uuidString).gguf").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try writer.write(to: path) { tensor, output in
      try output.append([UInt8](repeating: 0, count: tensor.byteCount))
    }
    return try GGUFFile.open(path: path)
  }

  private func place(_ file: GGUFFile) throws -> RerankerHead {
    try RerankerHead(file) { ["yes": 31, "no": 7][$0] }
  }

  private static let labels = "qwen3.classifier.output_labels"
  private static let pooling = "qwen3.pooling_type"

  @Test func theOrderOfLabelsIsRead() throws {
    for (labels, expected) in [
      (["yes", "no"], RerankerHead.classifier(yes: 0, no: 1)),
      (["no", "yes"], .classifier(yes: 1, no: 0)),
    ] {
      let file = try file(tensors: ["cls.output.weight": [2, 8]]) {
        $0[Self.labels] = .array(MetadataArray(labels))
      }
      #expect(try place(file) == expected)
    }
  }

  @Test func oneRowNeedsNoLabel() throws {
    let tensors = ["cls.output.weight": [1, 8]]
    #expect(try place(file(tensors: tensors)) == .classifier(yes: 0, no: nil))
    for label in ["yes", "LABEL_0"] {
      let file = try file(tensors: tensors) { $0[Self.labels] = .array(MetadataArray([label])) }
      #expect(try place(file) == .classifier(yes: 0, no: nil))
    }
  }

  @Test func tokensAnswerWhereThereIsNoClassifier() throws {
    let rank: (inout Metadata) -> Void = { $0[Self.pooling] = .uint32(4) }
    #expect(try place(file(rank)) == .tiedEmbedding(yes: 31, no: 7))
    #expect(try place(file(tensors: ["output.weight": [40, 8]], rank)) == .output(yes: 31, no: 7))
    #expect(throws: ModelError.rerankerHead(.missingToken("yes"))) {
      try RerankerHead(file(rank)) { _ in nil }
    }
  }

  /// The official model by name and shape.
  private static func official(_ metadata: inout Metadata, _ name: String = "Qwen3 Reranker 0.6B") {
    metadata["general.name"] = .string(name)
    metadata["qwen3.block_count"] = .uint32(28)
    metadata["qwen3.embedding_length"] = .uint32(1024)
  }

  /// A file says that it is a reranker, or it is none: the tensors of an embedding model would do for a tied
  /// head.
  @Test(
    arguments: [
      { RerankerHeadTests.official(&$0) },
      { RerankerHeadTests.official(&$0, "qwen3-reranker-0.6b-f16") },
      {
        RerankerHeadTests.official(&$0, "0.6B")
        $0["general.basename"] = .string("Qwen3")
        $0["general.finetune"] = .string("Reranker")
      },
      { $0["tokenizer.chat_template.rerank"] = .string("{query}") },
      { $0["qwen3.classifier.output_labels"] = .array(MetadataArray(["yes", "no"])) },
    ] as [@Sendable (inout Metadata) -> Void])
  func whatTheFileSaysDecides(_ change: @Sendable (inout Metadata) -> Void) throws {
    let file = try file(change)
    #expect(RerankerHead.isReranker(file))
    #expect(try place(file) == .tiedEmbedding(yes: 31, no: 7))
    let embedding = try self.file {
      change(&$0)
      $0[Self.pooling] = .uint32(3)
    }
    #expect(!RerankerHead.isReranker(embedding))
    #expect(throws: ModelError.rerankerHead(.otherPooling(3))) { try place(embedding) }
  }

  /// Listwise rerankers and others are built on Qwen3 too, and their scores come from elsewhere.
  @Test(arguments: ["Jina Reranker v3", "my-reranker", "Qwen3-Reranker 1.7B"])
  func aNameAloneMakesNoReranker(_ name: String) throws {
    let named = try file { $0["general.name"] = .string(name) }
    #expect(!RerankerHead.isReranker(named))
    #expect(RerankerHead.isNamedReranker(named))
    #expect(throws: ModelError.rerankerHead(.noEvidence)) { try place(named) }
    // An output that is not tied to the embedding table is there for an answer.
    let untied = try file(tensors: ["output.weight": [40, 8]]) { $0["general.name"] = .string(name) }
    #expect(try place(untied) == .output(yes: 31, no: 7))
    let shapeOnly = try file { Self.official(&$0, "Qwen3 Embedding 0.6B") }
    #expect(!RerankerHead.isReranker(shapeOnly))
  }

  @Test func anEmbeddingModelIsNoReranker() throws {
    #expect(throws: ModelError.rerankerHead(.noEvidence)) { try place(file()) }
    #expect(throws: ModelError.rerankerHead(.noEvidence)) {
      try place(file(tensors: ["output.weight": [40, 8]]) { $0["general.name"] = .string("Qwen3 4B") })
    }
    for pooling in [0, 1, 2, 3, 9] as [UInt32] {
      #expect(throws: ModelError.rerankerHead(.otherPooling(Int(pooling)))) {
        try place(file { $0[Self.pooling] = .uint32(pooling) })
      }
    }
  }

  @Test(arguments: [
    (
      2, ["yes", "maybe"],
      "qwen3.classifier.output_labels is ['yes', 'maybe'], but must be yes and no, in either order, "
    ),
    (
      2, ["yes"],
      "qwen3.classifier.output_labels is ['yes'], but must be yes and no, in either order, for the 2 rows"
    ),
    (
      2, nil,
      "cls.output.weight has 2 rows, and qwen3.classifier.output_labels, which says which of them is yes, is missing"
    ),
    (1, ["no"], "qwen3.classifier.output_labels is ['no'], but must be one label, for yes, for the 1 row of"),
    (3, ["yes", "no", "?"], "cls.output.weight has 3 rows, but a reranker has 2, for yes and no, or 1"),
  ])
  func aHeadThatCannotBeReadIsNamed(_ rows: Int, _ labels: [String]?, _ sentence: String) throws {
    let file = try file(tensors: ["cls.output.weight": [rows, 8]]) {
      $0[Self.labels] = labels.map { .array(MetadataArray($0)) }
    }
    #expect {
      try place(file)
    } throws: {
      "\($0)".hasPrefix(sentence)
    }
  }

  @Test func aHeadOfAnotherKindIsRefused() throws {
    let file = try file(tensors: ["cls.output.weight": [1, 8], "cls.output.bias": [1]])
    #expect(throws: ModelError.rerankerHead(.otherTensor("cls.output.bias"))) { try place(file) }
    let other = try self.file(tensors: ["cls.weight": [8, 8]])
    #expect(RerankerHead.isReranker(other))
    #expect(throws: ModelError.rerankerHead(.otherTensor("cls.weight"))) { try place(other) }
  }

  /// `P(yes)` is the sigmoid, to the last few bits, and stays a probability at the ends.
  @Test func theProbabilityIsTheSigmoid() {
    for step in -400...400 {
      let x = Double(step) / 10
      #expect(abs(RerankerHeadWeights.probability(x) - 1 / (1 + exp(-x))) <= 4 * (1 / (1 + exp(-x))).ulp)
    }
    #expect(RerankerHeadWeights.probability(0) == 0.5)
    #expect(RerankerHeadWeights.probability(1e308) == 1)
    #expect((0..<1e-300).contains(RerankerHeadWeights.probability(-1e308)))
  }
}
