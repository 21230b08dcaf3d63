import GGUF
import JSON
import KnownAnswers
import TestModels
import TestSupport
import Testing
import Touchstone

@Suite struct KnownAnswersTests {
  @Test func thePublishedFiguresAreInTheProgram() {
    let answers = KnownAnswers.published
    #expect(answers.vectors.map(\.components.count) == [1024, 1024, 20])
    #expect(answers.vectors.map(\.isWhole) == [true, true, false])
    #expect(answers.vectors[0].components.prefix(2) == [-1.5195851, -3.0843177])
    #expect(answers.vectors[2].instruction == EmbeddingRole.defaultTask)
    #expect(
      answers.similarities.map(\.model)
        == ["Qwen/Qwen3-Embedding-0.6B", "Qwen/Qwen3-Embedding-4B", "Qwen/Qwen3-Embedding-8B"])
    #expect(answers.similarities.allSatisfy { $0.matrix.map(\.count) == [2, 2] })
    #expect(answers.queries.count == 2 && answers.documents.count == 2)
    #expect(answers.tokenIDs[0].ids == [0, 151_643])
    #expect(answers.rerankScores[0].documents.count == answers.rerankScores[0].scores.count)
    for model in answers.vectors.map(\.model) + answers.rerankScores.map(\.model) {
      #expect(OfficialModel(rawValue: model) != nil, "\(model)")
    }
  }

  @Test func aFileOfAnotherShapeIsAnError() {
    #expect(throws: KnownAnswers.ShapeError.self) {
      try KnownAnswers(json: Array(#"{"similarity_inputs": {}, "vectors": 1}"#.utf8))
    }
    #expect(throws: JSONSyntaxError.self) { try KnownAnswers(json: [0x7B]) }
  }

  @Test(arguments: [
    ("Qwen3 Embedding 0.6B", true), ("qwen3-embedding-0.6b", true), ("Qwen3_Embedding_0.6B_F16", true),
    ("Random weights Q4_K_M, seed 1", false), ("Qwen3 0.6B", false), ("An embedding", false),
  ])
  func namesAreComparedByLettersAndDigits(name: String, isOfficial: Bool) throws {
    let inspection = try madeUp(OfficialShape.small, name: name)
    #expect(OfficialModel.of(inspection) == .embedding06B)
    #expect(OfficialModel.embedding06B.isName(of: inspection) == isOfficial)
  }

  @Test func theShapeTellsTheModel() throws {
    #expect(OfficialModel.of(try madeUp(OfficialShape.medium, name: "x")) == .embedding4B)
    #expect(OfficialModel.of(try madeUp(OfficialShape.large, name: "x")) == .embedding8B)
    var other = OfficialShape.large
    other["qwen3.block_count"] = 35
    #expect(OfficialModel.of(try madeUp(other, name: "Qwen3 Embedding 8B")) == nil)
    #expect(OfficialModel.of(try ModelInspection(path: TestModels.path("rerank-yes-no"))) == nil)
  }

  @Test func moreIsAllowedOfCoarserFormats() throws {
    func distance(_ name: String) throws -> Double {
      let inspection = try ModelInspection(path: TestModels.path(name))
      return try #require(QuantizationError(of: inspection, activations: .i16)).distance
    }
    let distances = try ["f32", "f16", "q8_0", "q6_k", "q4_k", "q2_k"].map(distance)
    #expect(distances == distances.sorted())
    #expect(distances[0] < 2e-5 && distances[5] == 0.5)
    // By hand: 30 · 2.9e-5 and 2e-6, and the norms, which are a thousandth of the weights, are exact.
    #expect(abs(distances[2] - 8.8e-4) < 1e-5)
  }

  /// A header of a model's shape with one norm: nothing that could be run.
  private func madeUp(_ shape: [String: UInt32], name: String) throws -> ModelInspection {
    var writer = GGUFWriter()
    writer.metadata["general.architecture"] = .string("qwen3")
    writer.metadata["general.name"] = .string(name)
    for (key, value) in shape { writer.metadata[key] = .uint32(value) }
    try writer.addTensor(named: "output_norm.weight", type: .f32, shape: [1])
    let folder = try TemporaryFolder()
    let path = folder.path("model.gguf")
    try writer.write(to: path) { tensor, output in
      try output.append([UInt8](repeating: 0, count: tensor.byteCount))
    }
    return try ModelInspection(path: path)
  }
}

/// The shapes of the official embedding models, from their cards.
private enum OfficialShape {
  static let small = shape(28, 1024, 3072, 16, 8)
  static let medium = shape(36, 2560, 9728, 32, 8)
  static let large = shape(36, 4096, 12288, 32, 8)

  private static func shape(
    _ layers: UInt32, _ hidden: UInt32, _ feedForward: UInt32, _ heads: UInt32, _ keyValueHeads: UInt32
  ) -> [String: UInt32] {
    [
      "qwen3.block_count": layers, "qwen3.embedding_length": hidden, "qwen3.feed_forward_length": feedForward,
      "qwen3.attention.head_count": heads, "qwen3.attention.head_count_kv": keyValueHeads,
      "qwen3.attention.key_length": 128,
    ]
  }
}
