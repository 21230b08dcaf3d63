import Kernels
import Testing

@Suite struct HalfPrecisionTests {
  #if !(os(macOS) && arch(x86_64))  // Float16 does not exist there.
    @Test func everyHalfPrecisionNumberHasItsValue() {
      var wrong: [UInt16] = []
      for bits in UInt16.min...UInt16.max {
        let expected = Float(Float16(bitPattern: bits))
        if Float(halfBits: bits).bitPattern != expected.bitPattern { wrong.append(bits) }
      }
      #expect(wrong.isEmpty)
    }

    /// Every half, the midpoint to the next one, and the floats on both sides of the midpoint.
    @Test func everyRoundingToHalfPrecision() {
      var wrong: [Float] = []
      for bits in UInt16(0)..<0x7C00 {
        let half = Float(halfBits: bits)
        let midpoint = (half + (bits == 0x7BFF ? 65536 : Float(halfBits: bits + 1))) / 2
        for value in [half, midpoint.nextDown, midpoint, midpoint.nextUp] {
          for signed in [value, -value] where signed.halfBits != Float16(signed).bitPattern {
            wrong.append(signed)
          }
        }
      }
      #expect(wrong.isEmpty)
      #expect(Float.infinity.halfBits == 0x7C00)
      #expect((-Float.infinity).halfBits == 0xFC00)
      #expect(Float(halfBits: Float.nan.halfBits).isNaN)
    }
  #endif

  @Test func landmarks() {
    #expect(Float(halfBits: 0x3C00) == 1)
    #expect(Float(halfBits: 0xC000) == -2)
    #expect(Float(halfBits: 0x0001) == 0x1p-24)
    #expect(Float(halfBits: 0x03FF) == 0x3FFp-24)
    #expect(Float(halfBits: 0x0400) == 0x1p-14)
    #expect(Float(halfBits: 0x7BFF) == 65504)
    #expect(Float(halfBits: 0x8000).bitPattern == 0x8000_0000)
    #expect(Float(halfBits: 0xFC00) == -.infinity)
    #expect(Float(halfBits: 0x7E01).bitPattern == 0x7FC0_2000)
  }
}
