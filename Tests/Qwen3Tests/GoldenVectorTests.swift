import Kernels
import Qwen3
import Testing

/// The engine against transformers in float32 and against an independent float64 implementation.
@Suite struct GoldenVectorTests {
  @Test(arguments: GoldenSet.names)
  func vectorsAgree(_ name: String) throws {
    let (golden, floats) = try GoldenSet.load(name)
    let model = try transformer(golden.modelPath)
    let tolerance = GoldenTolerance(name)
    for testCase in golden.cases {
      let pooling = try #require(Pooling(rawValue: testCase.pooling))
      let states = try #require(
        model.states([testCase.ids], pooling: pooling, activations: .f32))
      let rows = pooling == .mean ? [Self.mean(states)] : states
      let vector = rows.flatMap { normalized(Array($0.prefix(testCase.dimensions))) }
      for (reference, values) in [
        ("transformers", floats[testCase.vector]), ("exact", floats[testCase.exact]),
      ] {
        #expect(vector.count == values.count)
        let cosine = oneMinusCosine(vector, values)
        let component = largestDifference(vector, values)
        #expect(
          cosine < tolerance.of(.f32) && component < tolerance.component,
          "\(name), \(testCase.name), against \(reference): 1 - cos \(cosine), component \(component)")
      }
    }
  }

  /// Integer activations against float64, on every block format: how far they are is part of what they
  /// promise.
  @Test(arguments: GoldenSet.names, [ActivationPrecision.i16, .i8])
  func integerActivationsAreClose(_ name: String, _ precision: ActivationPrecision) throws {
    let (golden, floats) = try GoldenSet.load(name)
    let model = try transformer(golden.modelPath)
    let tolerance = GoldenTolerance(name)
    var distances: [Double] = []
    for testCase in golden.cases where testCase.pooling == "last" {
      let states = try #require(
        model.states([testCase.ids], activations: precision))
      let vector = normalized(Array(states[0].prefix(testCase.dimensions)))
      let distance = oneMinusCosine(vector, floats[testCase.exact])
      #expect(distance < tolerance.of(precision), "\(name), \(testCase.name): \(distance)")
      distances.append(distance)
    }
    guard !distances.isEmpty else { return }
    let median = distances.sorted()[distances.count / 2]
    print("1 - cos, \(name), \(precision.rawValue): median \(median), largest \(distances.max() ?? 0)")
    #expect(median < tolerance.median(of: precision), "\(name): median \(median)")
  }

  static func mean(_ rows: [[Float]]) -> [Float] {
    rows[0].indices.map { column in
      Float(rows.reduce(0) { $0 + Double($1[column]) } / Double(rows.count))
    }
  }
}

/// How far a golden vector may be away. `testdata/README.md` says where these numbers come from.
struct GoldenTolerance {
  /// Whether a few activations are thousands of times as large as the others: what is rounded to a block's
  /// largest then loses far more.
  private let isMassive: Bool

  init(_ name: String) { isMassive = name.hasPrefix("massive-") }

  /// In any component, in float32.
  var component: Double { isMassive ? 6e-6 : 2e-6 }

  /// In 1 − cosine. An 8-bit activation is rounded by up to 1/254 of its block's largest, a 16-bit one by
  /// 1/65,278, 257 times less; the cosine feels the square: 66,000 times less. The largest distances seen are
  /// 1.4e-3 and 2.0e-8; with massive activations, where the first layers have the next precision, 8.1e-5 and
  /// 3.3e-7.
  func of(_ precision: ActivationPrecision) -> Double {
    switch precision {
    case .f32: isMassive ? 1e-9 : 1e-10
    case .i16: isMassive ? 2e-6 : 5e-8
    case .i8: isMassive ? 1e-3 : 4e-3
    }
  }

  /// Of the median of a model's texts. With 8 bits for every block and layer it was 1.5e-2 on massive
  /// activations.
  func median(of precision: ActivationPrecision) -> Double {
    switch precision {
    case .i8: isMassive ? 3e-4 : 1e-3
    case .f32, .i16: of(precision)
    }
  }
}

/// All golden vectors through OpenBLAS: another implementation's multiply with this engine's reader, norms
/// and attention.
///
/// OpenBLAS chooses its kernels when it loads; `make test` runs the suite once more with those of another
/// family.
@Suite struct OpenBLASTests {
  @Test(arguments: GoldenSet.names)
  func vectorsAgreeWithTheExactOnes(_ name: String) throws {
    let (golden, floats) = try GoldenSet.load(name)
    let model = try transformer(golden.modelPath, floatMultiplier: .openBLAS(try OpenBLAS.shared.get()))
    for testCase in golden.cases {
      let pooling = try #require(Pooling(rawValue: testCase.pooling))
      let states = try #require(model.states([testCase.ids], pooling: pooling, activations: .f32))
      let rows = pooling == .mean ? [GoldenVectorTests.mean(states)] : states
      let vector = rows.flatMap { normalized(Array($0.prefix(testCase.dimensions))) }
      let distance = oneMinusCosine(vector, floats[testCase.exact])
      #expect(distance < GoldenTolerance(name).of(.f32), "\(name), \(testCase.name): \(distance)")
    }
  }
}
