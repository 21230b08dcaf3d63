import Foundation
import Testing
import Touchstone
import Workbench

/// Files that make-model writes, read back.
@Suite struct SyntheticModelTests {
  @Test(arguments: WeightMix.allCases)
  func everyMixIsAModel(mix: WeightMix) throws {
    let made = try MadeModel(mix)
    let inspection = try ModelInspection(path: made.path)
    #expect(inspection.warnings.isEmpty)
    #expect(inspection.tensors.map(\.name) == made.model.tensors.map(\.name))
    #expect(inspection.tensors.map(\.shape) == made.model.tensors.map(\.shape))
    #expect(inspection.tensors.map(\.format) == made.model.tensors.map { $0.format.rawValue.uppercased() })

    let model = try EmbeddingModel(path: made.path, threads: 1)
    let embeddings = try model.embed(["abc", "abd", ""])
    for embedding in embeddings {
      #expect(embedding.values.count == 256)
      #expect(abs(embedding.values.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }
    // Two texts that differ in their middle: attention carries it to the last token.
    #expect(cosine(embeddings[0], embeddings[1]) < 0.999)
    #expect(cosine(embeddings[0], embeddings[2]) < 0.999)
  }

  private func cosine(_ a: Embedding, _ b: Embedding) -> Float {
    zip(a.values, b.values).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test func theSameSeedGivesTheSameBytes() throws {
    // Enough rows for several pieces and rounds.
    func bytes(seed: UInt64, threads: Int) throws -> Data {
      try MadeModel(seed: seed, threads: threads) { $0.vocabularySize = 30_000 }.bytes
    }
    let first = try bytes(seed: 7, threads: 1)
    #expect(try bytes(seed: 7, threads: 3) == first)
    #expect(try bytes(seed: 8, threads: 1) != first)
  }

  @Test func widthsThatAreNoWholeBlocksFallBackAsInLlamaCpp() throws {
    let made = try MadeModel {
      $0.hiddenSize = 96
      $0.feedForwardSize = 80
      $0.headDimension = 32
    }
    let formats = Dictionary(
      uniqueKeysWithValues: try ModelInspection(path: made.path).tensors.map { ($0.name, $0.format) })
    #expect(formats["token_embd.weight"] == "Q8_0")
    #expect(formats["blk.0.attn_q.weight"] == "Q5_0")
    #expect(formats["blk.0.attn_output.weight"] == "Q4_K")
    #expect(formats["blk.0.ffn_down.weight"] == "F16")
    #expect(made.model.tensors.count { $0.isFallback } == 1 + 3 * 6)
    #expect(try EmbeddingModel(path: made.path, threads: 1).embed(["a"])[0].values.count == 96)
  }

  @Test func pureMeansOneFormat() throws {
    let made = try MadeModel(.Q4_K_M, isPure: true)
    #expect(Set(try ModelInspection(path: made.path).tensors.map(\.format)) == ["F32", "Q4_K"])
  }

  @Test func progressReachesTheEndAndCancellationLeavesNothing() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "touchstone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = try SyntheticModel(shape: MadeModel.shape, mix: .Q4_0, seed: 1, vocabulary: .bytes)
    let path = folder.appending(path: "model.gguf").path
    var shares: [Double] = []
    try model.write(to: path) { shares.append($0) }
    #expect(shares.last == 1)
    #expect(shares == shares.sorted())
    try FileManager.default.removeItem(atPath: path)

    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try model.write(to: path)
    }
    await #expect(throws: TouchstoneError.cancelled) { try await task.value }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func shapesThatNoModelCanHave() {
    func sentence(_ change: (inout SyntheticShape) -> Void) -> String? {
      var shape = MadeModel.shape
      change(&shape)
      do {
        _ = try SyntheticModel(shape: shape, mix: .Q4_K_M, seed: 1, vocabulary: .bytes)
      } catch TouchstoneError.invalidOption(let sentence) {
        return sentence
      } catch {
        return nil
      }
      return nil
    }
    #expect(sentence { $0.layerCount = 0 } == "the number of layers is 0, but must be from 1 to 1024")
    #expect(sentence { $0.hiddenSize = .max } == "the hidden size is \(Int.max), but must be from 1 to 65536")
    #expect(
      sentence { $0.vocabularySize = 281 } == "the vocabulary size is 281, but must be from 282 to 16777216")
    #expect(
      sentence { $0.keyValueHeadCount = 3 }
        == "8 heads cannot be shared out among 3 key-value heads; choose a divisor of 8")
    #expect(
      sentence { $0.headDimension = 63 } == "the head dimension is 63, but must be even: rotation turns pairs"
    )
    #expect(
      sentence {
        $0.headCount = 4096
        $0.keyValueHeadCount = 1
      } == "4096 heads on 1 key-value heads are more than the 192 each that the engine runs")
  }
}
