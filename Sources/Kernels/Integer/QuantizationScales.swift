import CInstructions

/// From the largest magnitudes of eight rows of floats to their scales, for rows that become integers
/// −limit…limit.
///
///     scale  = largest / limit        what an integer is worth
///     factor = limit / largest        what a float is multiplied by, before it is rounded
///
/// Where the largest magnitude is below 2⁻⁹⁶ the scale is 0, where it is an infinity or a NaN the scale is a
/// NaN. In both cases the factor is 0, and the mask too, which makes zeros of the floats themselves: an
/// infinity times 0 is not 0.
@usableFromInline
enum QuantizationScales {
  /// - Parameters:
  ///   - bits: the largest magnitudes as bits, which compare as integers; a NaN is above infinity.
  ///   - factors: becomes [8] float32.
  ///   - masks: becomes [8] int32, −1 or 0.
  /// - Returns: the scales.
  @inlinable @inline(__always)
  static func store(
    largestMagnitudes bits: SIMD8<Int32>, limit: SIMD8<Float>, factors: UnsafeMutableRawPointer,
    masks: UnsafeMutableRawPointer
  ) -> SIMD8<Float> {
    let largest = floatsOfBitsWord8(bits)
    let isScaled = isFiniteFromFloat8(largest, 0x1p-96)
    storeWord8(isScaled, masks)
    storeFloat8(floatsOfBitsWord8(andWord8(isScaled, bitsOfFloat8(divideFloat8(limit, largest)))), factors)
    // A small number less itself is 0; an infinity or a NaN less itself is a NaN, here without a sign.
    let unscaled = magnitudeFloat8(subtractFloat8(largest, largest))
    return floatsOfBitsWord8(
      selectWord8(isScaled, bitsOfFloat8(divideFloat8(largest, limit)), bitsOfFloat8(unscaled)))
  }
}

extension VectorInstructions {
  /// Floats as integers: times `factor`, rounded to the nearest, ties to even; 0 where `mask` is 0.
  @inlinable @inline(__always)
  static func quantized(_ floats: Floats, factor: Floats, mask: Words) -> Words {
    rounded(multiply(self.floats(bits: and(bits(floats), mask)), factor))
  }
}
