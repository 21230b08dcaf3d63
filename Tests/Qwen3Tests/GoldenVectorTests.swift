import Kernels
import Qwen3
import Testing

/// The engine against transformers in float32 and against an independent float64 implementation.
@Suite struct GoldenVectorTests {
  /// Derived in `testdata/README.md` from transformers' own distance to float64.
  static let cosineTolerance = 1e-10
  static let componentTolerance = 2e-6

  @Test(arguments: GoldenSet.names)
  func vectorsAgree(_ name: String) throws {
    let (golden, floats) = try GoldenSet.load(name)
    let model = try transformer(golden.modelPath)
    for testCase in golden.cases {
      let pooling = try #require(Pooling(rawValue: testCase.pooling))
      let states = try #require(
        model.states(of: Batch([testCase.ids]), pooling: pooling, chunkLength: 512))
      let rows = pooling == .mean ? [mean(states)] : states
      let vector = rows.flatMap { normalized(Array($0.prefix(testCase.dimensions))) }
      for (reference, values) in [("transformers", floats[testCase.vector]), ("exact", floats[testCase.exact])] {
        #expect(vector.count == values.count)
        let cosine = oneMinusCosine(vector, values)
        let component = largestDifference(vector, values)
        #expect(
          cosine < Self.cosineTolerance && component < Self.componentTolerance,
          "\(name), \(testCase.name), against \(reference): 1 - cos \(cosine), component \(component)")
      }
    }
  }

  /// The same through OpenBLAS: somebody else's multiply, with our reader, norms and attention.
  @Test(arguments: ["demo", "q4_k_m", "f16"])
  func vectorsAgreeThroughOpenBLAS(_ name: String) throws {
    let (golden, floats) = try GoldenSet.load(name)
    let model = try transformer(golden.modelPath, floatMultiplier: .openBLAS(try OpenBLAS.shared.get()))
    for testCase in golden.cases where testCase.pooling == "last" {
      let states = try #require(
        model.states(of: Batch([testCase.ids]), pooling: .last, chunkLength: 512))
      let vector = normalized(Array(states[0].prefix(testCase.dimensions)))
      #expect(oneMinusCosine(vector, floats[testCase.exact]) < Self.cosineTolerance, "\(testCase.name)")
    }
  }

  private func mean(_ rows: [[Float]]) -> [Float] {
    rows[0].indices.map { column in
      Float(rows.reduce(0) { $0 + Double($1[column]) } / Double(rows.count))
    }
  }
}
