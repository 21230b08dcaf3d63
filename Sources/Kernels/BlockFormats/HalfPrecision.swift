extension Float {
  /// The exact value of a half-precision number (IEEE 754 binary16).
  ///
  /// ```
  /// bit  15    14…10      9…0
  ///      sign  exponent   fraction      value = (−1)^sign · 2^(exponent − 15) · 1.fraction
  /// ```
  ///
  /// Swift's `Float(Float16)` calls a run-time function on x86-64, where baseline CPUs lack the instruction;
  /// this is a handful of integer operations and one exact subtraction, without branches, and it vectorises.
  /// Infinities and NaNs keep their sign and payload; a signalling NaN becomes quiet, as the CPU does it.
  @inlinable @inline(__always)
  public init(halfBits bits: UInt16) {
    // Exponent and fraction in the places of a float32, whose bias is 127 − 15 = 112 larger.
    let magnitude = UInt32(bits & 0x7FFF) &<< 13
    let normal = magnitude &+ (112 &<< 23)
    // A subnormal is fraction · 2⁻²⁴: put the fraction behind a leading one worth 2⁻¹⁴, then take the one away.
    let subnormal = (Float(bitPattern: magnitude &+ (113 &<< 23)) - 0x1p-14).bitPattern
    let quiet: UInt32 = magnitude > 31 &<< 23 ? 1 &<< 22 : 0
    let nonFinite = magnitude | 255 &<< 23 | quiet

    let finite = magnitude < 1 &<< 23 ? subnormal : normal
    let unsigned = magnitude >= 31 &<< 23 ? nonFinite : finite
    self.init(bitPattern: unsigned | UInt32(bits & 0x8000) &<< 16)
  }
}
