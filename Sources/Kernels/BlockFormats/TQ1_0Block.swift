/// 256 weights of −1, 0 or 1 with one scale, five in a byte.
///
/// ```
/// offset  size
///      0    32   first part    byte j: weights 32 n + j, n = 0 … 4
///     32    16   second part   byte j: weights 160 + 16 n + j, n = 0 … 4
///     48     4   third part    byte j: weights 240 + 4 n + j, n = 0 … 3
///     52     2   d             float16
/// ```
/// weight = d · (digit − 1). A byte is a fraction of 256 in base three: its digit n is the whole part of
/// 3 · (byte · 3ⁿ mod 256) / 256.
public enum TQ1_0Block: BlockDecoder {
  @inlinable @inline(__always)
  public static var valuesPerBlock: Int { 256 }

  @inlinable @inline(__always)
  public static var bytesPerBlock: Int { 54 }

  @inlinable @inline(__always)
  public static func dequantizeBlock(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scale = block.half(at: 52)
    for half in 0..<2 {
      var bytes = block.bytes16(at: 16 &* half)
      for digit in 0..<5 {
        values.store(weights(bytes) * scale, at: 32 &* digit &+ 16 &* half)
        bytes = bytes &* Bytes16(repeating: 3)
      }
    }
    var bytes = block.bytes16(at: 32)
    for digit in 0..<5 {
      values.store(weights(bytes) * scale, at: 160 &+ 16 &* digit)
      bytes = bytes &* Bytes16(repeating: 3)
    }
    let last = block.word(at: 48)
    let powers: Bytes16 = [1, 1, 1, 1, 3, 3, 3, 3, 9, 9, 9, 9, 27, 27, 27, 27]
    values.store(weights(bytes16(last, last, last, last) &* powers) * scale, at: 240)
  }

  /// The first digit of each byte, less 1.
  @inlinable @inline(__always)
  static func weights(_ bytes: Bytes16) -> SIMD16<Float> {
    // 3 · byte / 256 is 0, 1 or 2: it reaches 1 at 86 and 2 at 171. Adding 170 carries from 86 on, adding 85
    // from 171 on; the carry of a + b is the top bit of (a & b) + ((a ^ b) >> 1).
    let first = carries(bytes, 170)
    let second = carries(bytes, 85)
    return (first &+ second).floats(minus: 1)
  }

  @inlinable @inline(__always)
  static func carries(_ bytes: Bytes16, _ addend: UInt8) -> Bytes16 {
    let addends = Bytes16(repeating: addend)
    return ((bytes & addends) &+ ((bytes ^ addends) &>> 1)) &>> 7
  }
}
