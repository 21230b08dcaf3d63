/// 32 weights of 5 bits with one scale.
///
/// ```
/// offset  size
///      0     2   scale d       float16
///      2     4   fifth bits    bit i of the little-endian word = bit 4 of weight i
///      6    16   quants        byte j: low nibble = weight j, high nibble = weight j + 16
/// ```
/// weight = d · (quant − 16), quant = 0…31
public enum Q5_0Block: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 32 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 22 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scale = block.halfSplat(at: 0)
    let fifthBits = block.word(at: 2)
    let quants = block.bytes16(at: 6)
    let low = quants.lowNibbles | fifthBitOfEachByte(fifthBits)
    let high = quants.highNibbles | fifthBitOfEachByte(fifthBits &>> 16)
    values.store(scale * low.floats(minus: 16), at: 0)
    values.store(scale * high.floats(minus: 16), at: 16)
  }
}
