/// weight = 2^(e − 128) · level[nibble]
///
/// From 2¹⁰⁵ on a scale is taken for infinite, and outputs become NaN: the floats of ``SumBias`` end there.
/// Weights of that size are no model's.
public enum MXFP4Panel: PanelFormat {
  public typealias Shape = NibbleBlocksOf32
  public typealias Block = MXFP4Block

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    var sum = I.splat(0 as Int32)
    let nibbles = I.transpose(rows + 1, stride: stride)
    for word in 0..<4 {
      panel.store(
        weights: levels(I.self, nibbles[word], from: 0), record: 0, group: word, addingTo: &sum)
      panel.store(
        weights: levels(I.self, nibbles[word], from: 4), record: 0, group: 4 &+ word, addingTo: &sum)
    }
    panel.store(sum: sum, record: 0)
    panel.store(
      scales: scales(I.self, I.unsignedByte(I.transpose(rows, stride: stride)[0], 0)), record: 0)
  }

  /// Twice the number of a nibble of each byte.
  @inlinable @inline(__always)
  static func levels<I: VectorInstructions>(_: I.Type, _ words: I.Words, from first: Int) -> I.Words {
    let levels: InlineArray<16, Int8> = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12]
    return withUnsafeBytes(of: levels) { bytes in
      I.lookup(
        bytes.baseAddress!.assumingMemoryBound(to: Int8.self), I.bits(words, from: first, count: 4))
    }
  }

  /// 2^(exponent − 128): the product of two powers, since 2⁻¹²⁸ is subnormal.
  @inlinable @inline(__always)
  static func scales<I: VectorInstructions>(_: I.Type, _ exponents: I.Words) -> I.Floats {
    let first = I.shiftRight(exponents, by: 1)
    let second = I.subtract(exponents, first)
    let scales = I.multiply(power(I.self, first), power(I.self, second))
    return I.multiply(I.multiply(scales, I.splat(0x1p23)), I.splat(0x1p-23))
  }

  /// 2^(n − 64), n = 0 … 128
  @inlinable @inline(__always)
  static func power<I: VectorInstructions>(_: I.Type, _ exponents: I.Words) -> I.Floats {
    I.floats(bits: I.shiftLeft(I.add(exponents, I.splat(127 - 64 as Int32)), by: 23))
  }
}
