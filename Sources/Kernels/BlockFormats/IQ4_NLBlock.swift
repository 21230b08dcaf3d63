import CInstructions

/// 32 weights of 4 bits that index a table of unevenly spaced levels, with one scale.
///
/// ```
/// offset  size
///      0     2   scale d       float16
///      2    16   indices       byte j: low nibble = weight j, high nibble = weight j + 16
/// ```
/// weight = d · level[index], index = 0…15
public enum IQ4_NLBlock: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 32 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 18 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scale = block.halfSplat(at: 0)
    let indices = block.bytes16(at: 2)
    values.store(scale * levels(indices.lowNibbles), at: 0)
    values.store(scale * levels(indices.highNibbles), at: 16)
  }

  /// The level of each index, as a float; the levels are denser near zero, where weights are.
  @inlinable @inline(__always)
  static func levels(_ indices: Bytes16) -> SIMD16<Float> {
    let levels: SIMD16<Int8> = [
      -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
    ]
    return floatsFromSignedByte16(lookupByte16(levels, indices))
  }
}
