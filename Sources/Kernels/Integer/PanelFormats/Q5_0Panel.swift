/// weight = d · (quant − 16)
public enum Q5_0Panel: PanelFormat {
  public typealias Shape = NarrowBlocksOf32
  public typealias Block = Q5_0Block

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    var sum = I.splat(0 as Int32)
    let header = I.transpose(rows, stride: stride)
    let quants = I.transpose(rows + 6, stride: stride)
    // The word of fifth bits begins in the upper half of the first word.
    let fifthBits = I.or(I.and(I.shiftRight(header[0], by: 16), 0xFFFF), I.shiftLeft(header[1], by: 16))
    let zeroPoint = I.splat(0x1010_1010 as Int32)
    for word in 0..<4 {
      let low = I.or(
        I.bits(quants[word], from: 0, count: 4), fifthBitOfBytes(I.self, fifthBits, firstBit: 4 &* word))
      let high = I.or(
        I.bits(quants[word], from: 4, count: 4), fifthBitOfBytes(I.self, fifthBits, firstBit: 16 &+ 4 &* word)
      )
      panel.store(weights: I.subtractBytes(low, zeroPoint), record: 0, group: word, addingTo: &sum)
      panel.store(weights: I.subtractBytes(high, zeroPoint), record: 0, group: 4 &+ word, addingTo: &sum)
    }
    panel.store(sum: sum, record: 0)
    panel.store(scales: I.floatsFromHalves(header[0]), record: 0)
  }

  /// Four bits of each lane, from `firstBit` on: one becomes bit 4 of each byte.
  @inlinable @inline(__always)
  static func fifthBitOfBytes<I: VectorInstructions>(
    _: I.Type, _ fifthBits: I.Words, firstBit: Int
  ) -> I.Words {
    let fourBits = I.and(I.shiftRight(fifthBits, by: Int32(truncatingIfNeeded: firstBit)), 0xF)
    // The product has bit i at 8 i, among copies that do not reach each other.
    let spread = I.multiply(fourBits, I.splat(0x0020_4081 as Int32))
    return I.shiftLeft(I.and(spread, 0x0101_0101), by: 4)
  }
}
