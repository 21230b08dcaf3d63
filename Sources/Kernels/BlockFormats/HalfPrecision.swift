import CInstructions

extension Float {
  /// The exact value of a half-precision number (IEEE 754 binary16).
  ///
  /// Faster than `Float(Float16(bitPattern:))`, which calls a run-time function on baseline x86-64. Infinities
  /// and NaNs keep their sign and payload; a signalling NaN becomes quiet.
  @inlinable @inline(__always)
  public init(halfBits bits: UInt16) {
    self = floatFromHalf(bits)
  }
}
