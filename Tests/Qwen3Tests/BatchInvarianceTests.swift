import KernelSelection
import Kernels
import Qwen3
import Testing

/// A sequence's vector has the same bits alone, first, last or in the middle of a batch, with any number of
/// threads, with any chunk length, and whatever the transformer computed before.
@Suite struct BatchInvarianceTests {
  static let models = [
    "f32", "f16", "bf16", "q4_k_m", "q8_0", "q4_0", "iq4_xs", "iq3_m", "nvfp4", "non-causal", "rope-yarn",
  ]
  static let lengths = [1, 2, 5, 23, 24, 25, 63, 97, 200, 383, 385, 500]

  static func sequence(length: Int, seed: Int) -> [Int32] {
    (0..<length).map { Int32(($0 &* 7919 &+ seed &* 104_729) % 500) }
  }

  @Test(arguments: models, ActivationPrecision.allCases)
  func bitsDoNotDependOnTheBatch(_ name: String, _ activations: ActivationPrecision) throws {
    let path = GoldenSet.directory.appending(path: "models/\(name).gguf").path
    let one = try transformer(path, workers: 1)
    let many = try transformer(path, workers: 5)
    let sequences = Self.lengths.enumerated().map { Self.sequence(length: $1, seed: $0) }

    func states(_ model: Transformer, _ batch: [[Int32]], chunkLength: Int = 512) throws -> [[Float]] {
      try #require(model.states(batch, activations: activations, chunkLength: chunkLength))
    }
    let alone = try sequences.map { try states(one, [$0])[0] }
    #expect(try states(one, sequences) == alone)
    #expect(try states(many, sequences) == alone)
    #expect(try states(many, sequences.reversed()) == alone.reversed())
    #expect(try states(many, sequences, chunkLength: 7) == alone)
    #expect(try states(one, sequences, chunkLength: 100_000) == alone)
    #expect(try sequences.map { try states(many, [$0])[0] } == alone)
  }

  /// Every instruction set that this processor can run gives the same bits.
  @Test(arguments: models, ActivationPrecision.allCases)
  func bitsDoNotDependOnTheInstructionSet(_ name: String, _ activations: ActivationPrecision) throws {
    let path = GoldenSet.directory.appending(path: "models/\(name).gguf").path
    let batch = [1, 7, 64, 150].map { Self.sequence(length: $0, seed: 9) }
    let states = try kernelsUnderTest().map { kernels in
      try #require(
        transformer(path, kernels: kernels).states(batch, activations: activations, chunkLength: 100),
        "\(kernels.name)")
    }
    for other in states.dropFirst() { #expect(other == states[0]) }
  }

  /// Where attention is not causal, the first token depends on the last.
  @Test(arguments: ActivationPrecision.allCases)
  func everyTokenSeesTheWholeText(_ activations: ActivationPrecision) throws {
    func first(_ name: String, _ ids: [Int32]) throws -> [[Float]] {
      let model = try transformer(GoldenSet.directory.appending(path: "models/\(name).gguf").path)
      return try #require(model.states([ids], pooling: .cls, activations: activations, chunkLength: 7))
    }
    let ids = Self.sequence(length: 40, seed: 2)
    let changed = ids.dropLast() + [499]
    #expect(try first("non-causal", ids) != first("non-causal", Array(changed)))
    #expect(try first("q8_0", ids) == first("q8_0", Array(changed)))
  }

  /// Pruning the last layer to the pooled tokens changes nothing.
  @Test(arguments: models, ActivationPrecision.allCases)
  func pooledStatesAreThoseOfAllTokens(_ name: String, _ activations: ActivationPrecision) throws {
    let model = try transformer(GoldenSet.directory.appending(path: "models/\(name).gguf").path)
    let batch = [3, 40, 129].map { Self.sequence(length: $0, seed: 3) }
    func states(_ pooling: Pooling) -> [[Float]]? {
      model.states(batch, pooling: pooling, activations: activations, chunkLength: 64)
    }
    let all = try #require(states(.none))
    #expect(states(.last) == [all[2], all[42], all[171]])
    #expect(states(.cls) == [all[0], all[3], all[43]])
  }

  @Test func stopsBetweenLayers() throws {
    let model = try transformer(GoldenSet.directory.appending(path: "models/f32.gguf").path)
    var asked = 0
    let states = model.run(
      Pass([TokenSequence([1, 2, 3])], pooling: .last, activations: .f32, chunkLength: 8)
    ) {
      asked += 1
      return asked < 2
    }
    #expect(states == nil)
    #expect(asked == 2)
  }
}
