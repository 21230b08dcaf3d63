import CInstructions

extension Float {
  /// The exact value of a half-precision number (IEEE 754 binary16).
  ///
  /// Faster than `Float(Float16(bitPattern:))`, which calls a run-time function on baseline x86-64.
  /// Infinities and NaNs keep their sign and payload; a signalling NaN becomes quiet.
  @inlinable @inline(__always)
  public init(halfBits bits: UInt16) {
    self = floatFromHalf(bits)
  }

  /// The nearest half-precision number, ties to even; infinite from 65520 on.
  package var halfBits: UInt16 {
    let sign = UInt16(bitPattern >> 16) & 0x8000
    guard !isNaN else { return sign | 0x7E00 }
    guard magnitude < 65520 else { return sign | 0x7C00 }
    // Halves with this exponent are multiples of 2^(exponent − 10): 1024 to 2047 of them, or 0 to 1023 among
    // the subnormals. Adding the number of halves below makes the bits, also where rounding reaches the next
    // exponent.
    let exponent = max(magnitude == 0 ? -14 : Int(magnitude.exponent), -14)
    let scaled = magnitude * Float(sign: .plus, exponent: 10 - exponent, significand: 1)
    // Floats from 2²³ on are whole numbers: the sum rounds, and its low bits count.
    let multiples = UInt16(truncatingIfNeeded: (scaled + 0x1p23).bitPattern & 0xFFFF)
    return sign | (UInt16((exponent + 14) << 10) + multiples)
  }
}
