import Testing
import Touchstone
import Workbench

/// Which format each matrix gets, against counts of published files and of llama-quantize's output.
@Suite struct WeightMixTests {
  private func counts(_ shape: SyntheticShape, _ mix: WeightMix) throws -> [String: Int] {
    let model = try SyntheticModel(shape: shape, mix: mix, seed: 1, vocabulary: .bytes)
    return Dictionary(grouping: model.tensors, by: \.format.rawValue).mapValues(\.count)
  }

  @Test func theLargeModelIsAsPublished() throws {
    #expect(try counts(.large, .Q4_K_M) == ["f32": 145, "q4_K": 216, "q6_K": 37])
  }

  /// By llama.cpp's rules for 28 layers, two query heads a key-value head: 28 · 5 of the main format less
  /// three early `ffn_down`, the others as named.
  @Test func mixesOfSmallFormatsAreLlamaQuantizes() throws {
    #expect(try counts(.small, .IQ3_M) == ["f32": 113, "iq3_s": 137, "q4_K": 59, "q6_K": 1])
    #expect(try counts(.small, .IQ2_M) == ["f32": 113, "iq2_s": 137, "iq3_s": 59, "q5_K": 1])
    #expect(try counts(.small, .IQ1_S) == ["f32": 113, "iq1_s": 137, "iq2_xxs": 28, "q2_K": 31, "q5_K": 1])
    #expect(
      try counts(.small, .IQ3_XXS)
        == ["f32": 113, "iq2_s": 56, "iq3_xxs": 56, "iq3_s": 56, "q3_K": 25, "q4_K": 3, "q5_K": 1])
  }

  @Test func theSizesAreThePublishedOnes() throws {
    func weightCount(_ shape: SyntheticShape) throws -> Int {
      try SyntheticModel(shape: shape, mix: .F16, seed: 1, vocabulary: .bytes).tensors
        .reduce(0) { $0 + $1.valueCount }
    }
    #expect(try weightCount(.small) == 595_776_512)
    #expect(try weightCount(.medium) == 4_021_774_336)
    #expect(try weightCount(.large) == 7_567_295_488)
  }

  @Test(arguments: [
    ("Q4_K", WeightMix.Q4_K_M), ("q5_k", .Q5_K_M), ("Q3_K", .Q3_K_M), ("q8_0", .Q8_0), ("iq4_nl", .IQ4_NL),
    ("iq3_m", .IQ3_M),
  ])
  func namesAreThoseOfLlamaQuantize(name: String, mix: WeightMix) {
    #expect(WeightMix(name: name) == mix)
  }

  @Test func unknownNamesAreNone() {
    for name in ["", "Q9", "Q6_K_M", "f64"] { #expect(WeightMix(name: name) == nil) }
  }
}
