/// weight = (d · (2 · scale + 1) / 8) · (8 · coordinate ± 1)
public enum IQ1_SPanel: PanelFormat {
  public typealias Shape = NibbleBlocksOf32
  public typealias Block = IQ1_SBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    let grid = Grid.iq1
    let multiplier = I.multiply(I.floatsFromHalves(I.transpose(rows, stride: stride)[0]), I.splat(0.125))
    let subBlocks = I.transpose(rows + 34, stride: stride)
    for half in 0..<2 {
      let low = I.transpose(rows + (2 &+ 16 &* half), stride: stride)
      for word in 0..<4 {
        let record = 4 &* half &+ word
        let first = 16 &* (record % 2)
        let bits = subBlocks[record / 2]
        let shift = negatedShift(I.self, bits, from: first &+ 15)
        var sum = I.splat(0 as Int32)
        for point in 0..<4 {
          let high = I.shiftLeft(I.field(bits, from: first &+ 3 &* point, count: 3), by: 8)
          panel.store(
            pointsOf: grid, at: I.or(I.unsignedByte(low[word], point), high), less: shift, record: record,
            group: 2 &* point, addingTo: &sum)
        }
        panel.store(sum: sum, record: record)
        panel.store(
          scales: I.multiply(multiplier, I.oddNumbers(bits, from: first &+ 12, count: 3)), record: record)
      }
    }
  }

  /// In each byte 1 where a bit of the lane is set, else −1: what a point less this is shifted by is −1 or 1.
  @inlinable @inline(__always)
  static func negatedShift<I: VectorInstructions>(_: I.Type, _ words: I.Words, from bit: Int) -> I.Words {
    let isNegative = I.multiply(I.field(words, from: bit, count: 1), I.splat(0x0202_0202 as Int32))
    return I.subtractBytes(isNegative, I.splat(0x0101_0101 as Int32))
  }
}
