import Kernels
import TestSupport
import Testing

/// The portable fused multiply-add rounds once, also where the processor has no such instruction.
@Suite struct MultiplyAddTests {
  private func check(_ a: [Float], _ b: [Float], _ c: [Float]) {
    let result = PortableInstructions.multiplyAdd(SIMD16(a), SIMD16(b), SIMD16(c))
    for lane in 0..<16 {
      let expected = c[lane].addingProduct(a[lane], b[lane])
      #expect(
        [result[lane]].comparableBits == [expected].comparableBits, "\(a[lane]) · \(b[lane]) + \(c[lane])")
    }
  }

  @Test func randomBits() {
    var generator = SeededGenerator(seed: 1)
    func random() -> [Float] {
      (0..<16).map { _ in Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator)) }
    }
    for _ in 0..<5_000 { check(random(), random(), random()) }
  }

  /// Sums that lie on or beside the middle between two floats, where rounding twice goes wrong.
  @Test func nearHalfway() {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<5_000 {
      var (a, b, c): ([Float], [Float], [Float]) = ([], [], [])
      for _ in 0..<16 {
        a.append(Float(Int32.random(in: -0xFF_FFFF...0xFF_FFFF, using: &generator)))
        b.append(
          Float(
            sign: .plus, exponent: Int.random(in: -60...60, using: &generator), significand: 1 + .ulpOfOne))
        let product = a.last! * b.last!
        c.append(product.ulp / 2 * Float(Int.random(in: -3...3, using: &generator)))
      }
      check(a, b, c)
    }
  }

  /// Results among the subnormals, where floats are further apart.
  @Test func subnormalResults() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<5_000 {
      func random(_ exponents: ClosedRange<Int>) -> [Float] {
        (0..<16).map { _ in
          Float(
            sign: Bool.random(using: &generator) ? .plus : .minus,
            exponent: Int.random(in: exponents, using: &generator),
            significand: Float.random(in: 1..<2, using: &generator))
        }
      }
      check(random(-75 ... -60), random(-75 ... -60), random(-149 ... -120))
    }
  }
}
