/// The eight scales and eight minima of a Q4_K or Q5_K block, multiplied by the block's d and dmin.
///
/// ```
/// offset  size
///      0     2   d                  float16
///      2     2   dmin               float16
///      4     4   byte i, bits 0–5   scale i
///      8     4   byte i, bits 0–5   minimum i
///     12     4   byte i             low nibble = low bits of scale i + 4, high nibble = of minimum i + 4
/// ```
/// Bits 6 and 7 of the bytes at 4 and 8 are bits 4 and 5 of scale i + 4 and of minimum i + 4.
@frozen
@usableFromInline
struct SixBitScales {
  /// Lane s: d · scale of sub-block s; lane 8 + s: dmin · minimum of sub-block s.
  @usableFromInline let lanes: SIMD16<Float>

  /// Unpacks the first sixteen bytes of a block.
  @inlinable @inline(__always)
  init(_ block: UnsafeRawPointer) {
    let (scales, minima, low) = (block.word(at: 4), block.word(at: 8), block.word(at: 12))
    let sixBits: UInt32 = 0x3F3F_3F3F
    let fourBits: UInt32 = 0x0F0F_0F0F
    let highBits: UInt32 = 0x3030_3030
    let unpacked = bytes16(
      scales & sixBits,
      (low & fourBits) | (scales &>> 2 & highBits),
      minima & sixBits,
      (low &>> 4 & fourBits) | (minima &>> 2 & highBits))
    let multipliers = SIMD16<Float>(
      lowHalf: block.halfSplat(at: 0).lowHalf, highHalf: block.halfSplat(at: 2).lowHalf)
    lanes = unpacked.floats * multipliers
  }

  /// Sixteen weights of a sub-block: scale · quant − minimum, in two roundings.
  @inlinable @inline(__always)
  func weights(_ quants: Bytes16, subBlock: Int) -> SIMD16<Float> {
    quants.floats * lanes[subBlock] - lanes[8 &+ subBlock]
  }
}
