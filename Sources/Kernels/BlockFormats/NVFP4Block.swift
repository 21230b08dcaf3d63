/// 64 floats of 4 bits (e2m1) in 4 sub-blocks of 16, each with an eight-bit float (e4m3, its sign unused) as
/// its scale.
///
/// ```
/// offset  size
///      0     4   scales        byte s: bits 3 … 6 = exponent, bits 0 … 2 = fraction
///      4    32   floats        four sub-blocks of 8 bytes; byte j of sub-block s:
///                              low nibble = weight 16 s + j, high nibble = weight 16 s + 8 + j
/// ```
/// weight = scale / 2 · level[nibble], with the levels of ``MXFP4Block``. The scale 0x7F, which is not a
/// number in e4m3, is 0, as in ggml.
public enum NVFP4Block: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 64 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 36 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    for subBlock in 0..<4 {
      let bytes = block.loadUnaligned(fromByteOffset: 4 &+ 8 &* subBlock, as: UInt64.self)
      let nibbles = bytes16(bytes & 0x0F0F_0F0F_0F0F_0F0F, bytes &>> 4 & 0x0F0F_0F0F_0F0F_0F0F)
      values.store(MXFP4Block.levels(nibbles) * halfScale(block.byte(at: subBlock)), at: 16 &* subBlock)
    }
  }

  /// Half of the number that a byte is.
  @inlinable @inline(__always)
  static func halfScale(_ byte: UInt32) -> Float {
    guard byte != 0x7F else { return 0 }
    // The same bits make a half-precision number that is 256 times smaller.
    return Float(halfBits: UInt16(truncatingIfNeeded: (byte & 0x7F) &<< 7)) * 128
  }
}
