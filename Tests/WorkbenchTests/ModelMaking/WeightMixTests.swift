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
  ])
  func namesAreThoseOfLlamaQuantize(name: String, mix: WeightMix) {
    #expect(WeightMix(name: name) == mix)
  }

  @Test func unknownNamesAreNone() {
    for name in ["", "Q9", "Q6_K_M", "f64"] { #expect(WeightMix(name: name) == nil) }
  }
}
