import CInstructions

/// 32 floats of 4 bits (e2m1) with a power of two as their scale: MXFP4 of the Open Compute Project.
///
/// ```
/// offset  size
///      0     1   exponent e    the scale is 2^(e − 127)
///      1    16   floats        byte j: low nibble = weight j, high nibble = weight j + 16
/// ```
/// weight = 2^(e − 128) · level[nibble]: the levels are twice the floats, so that they are whole numbers. An
/// exponent of 255 is a number like the others, as in ggml.
public enum MXFP4Block: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 32 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 17 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scale = scale(block.byte(at: 0))
    let nibbles = block.bytes16(at: 1)
    values.store(levels(nibbles.lowNibbles) * scale, at: 0)
    values.store(levels(nibbles.highNibbles) * scale, at: 16)
  }

  /// 2^(exponent − 128); subnormal for 0 and 1.
  @inlinable @inline(__always)
  static func scale(_ exponent: UInt32) -> Float {
    Float(bitPattern: exponent < 2 ? 0x0020_0000 &<< exponent : (exponent &- 1) &<< 23)
  }

  /// Twice the number of each nibble: sign, two bits of exponent, one of fraction.
  @inlinable @inline(__always)
  static func levels(_ nibbles: Bytes16) -> SIMD16<Float> {
    let levels: SIMD16<Int8> = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12]
    return floatsFromSignedByte16(lookupByte16(levels, nibbles))
  }
}
