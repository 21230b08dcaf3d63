import Kernels
import Qwen3
import Testing

/// Models with massive activations compute their first layers one precision higher, others none.
@Suite struct MassiveActivationsTests {
  @Test(arguments: [
    ("massive-q4_k_m", ActivationPrecision.i8, 2), ("massive-q4_k_m", .i16, 1), ("massive-q4_k_m", .f32, 0),
    ("massive-q8_0", .i8, 2), ("q4_k_m", .i8, 0), ("q8_0", .i16, 0), ("non-causal", .i8, 0),
  ])
  func ofAModel(_ name: String, _ activations: ActivationPrecision, _ expected: Int) throws {
    let model = try transformer(GoldenSet.directory.appending(path: "models/\(name).gguf").path)
    #expect(model.preciseLayerCount(activations) == expected)
    #expect(model.forPauses().preciseLayerCount(activations) == expected)
  }

  @Test(arguments: [(1, 1), (2, 2), (4, 2), (12, 2), (13, 3), (28, 5), (36, 6)])
  func aSixthOfTheLayersAndTwoAtLeast(_ layerCount: Int, _ expected: Int) {
    let massive = MassiveActivations()
    let count = massive.preciseLayerCount(of: layerCount, .i8) { limit in
      #expect(limit == (layerCount + 1) / 2)
      return true
    }
    #expect(count == expected)
    let again = massive.preciseLayerCount(of: layerCount, .i16) { _ in
      Issue.record("a model is searched once")
      return false
    }
    #expect(again == 1)
  }

  @Test func aStateIsMassiveByItsLargestAndItsMedian() {
    let ones = [Float](repeating: 1, count: 64)
    #expect(!MassiveActivations.isMassive(ones))
    #expect(!MassiveActivations.isMassive(ones + [32]))
    #expect(MassiveActivations.isMassive(ones + [-33]))
    #expect(!MassiveActivations.isMassive(ones + [.nan]))
    #expect(!MassiveActivations.isMassive(ones + [.infinity]))
    #expect(!MassiveActivations.isMassive([]))
    #expect(!MassiveActivations.isMassive([0, 0, 0]))
  }

  @Test func theTokensOfTheSearchExist() {
    for size in [1, 5, 151_936] {
      let tokens = MassiveActivations.tokens(vocabularySize: size)
      #expect(tokens.count == 8 && tokens.allSatisfy { (0..<Int32(size)).contains($0) })
    }
  }

  /// Quantized weights with integer activations never meet OpenBLAS, in the layers in float32 neither.
  @Test func integersHaveTheirBitsBesideOpenBLAS() throws {
    let path = GoldenSet.directory.appending(path: "models/massive-q4_k_m.gguf").path
    let ids: [Int32] = [5, 9, 70, 3, 200]
    let own = try transformer(path).states([ids], activations: .i16)
    let beside = try transformer(path, floatMultiplier: .openBLAS(try OpenBLAS.shared.get()))
      .states([ids], activations: .i16)
    #expect(own == beside)
  }
}
