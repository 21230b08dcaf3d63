/// weight = (d · (2 · scale + 1) / 8) · (8 · coordinate ± 1)
public enum IQ1_MPanel: PanelFormat {
  public typealias Shape = NibbleBlocksOf16
  public typealias Block = IQ1_MBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    let grid = Grid.iq1
    let high = I.transpose(rows + 32, stride: stride)
    for half in 0..<2 {
      let low = I.transpose(rows + 16 &* half, stride: stride)
      for subBlock in 0..<8 {
        let record = 4 &* half &+ subBlock / 2
        var sum = I.splat(0 as Int32)
        for part in 0..<2 {
          let point = 2 &* subBlock &+ part
          let bits = high[2 &* half &+ point / 8]
          let firstBit = 4 &* (point % 8)
          let index = I.or(
            I.unsignedByte(low[point / 4], point % 4),
            I.shiftLeft(I.field(bits, from: firstBit, count: 3), by: 8))
          panel.store(
            pointsOf: grid, at: index, less: IQ1_SPanel.negatedShift(I.self, bits, from: firstBit &+ 3),
            record: record, group: 4 &* (subBlock % 2) &+ 2 &* part, addingTo: &sum)
        }
        panel.store(sum: sum, record: record, block: subBlock % 2)
      }
    }
    storeScales(rows, stride: stride, to: panel)
  }

  @inlinable @inline(__always)
  static func storeScales<I: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<I, Shape>
  ) {
    let words = I.transpose(rows + 40, stride: stride)
    let lowBits = I.or(
      I.field(words[2], from: 12, count: 4), I.shiftLeft(I.field(words[2], from: 28, count: 4), by: 4))
    let highBits = I.or(
      I.field(words[3], from: 12, count: 4), I.shiftLeft(I.field(words[3], from: 28, count: 4), by: 4))
    let multiplier = I.multiply(
      I.floatsFromHalves(I.or(lowBits, I.shiftLeft(highBits, by: 8))), I.splat(0.125))
    for subBlock in 0..<16 {
      let firstBit = 16 &* (subBlock / 4 % 2) &+ 3 &* (subBlock % 4)
      let scale = I.oddNumbers(words[2 &+ subBlock / 8], from: firstBit, count: 3)
      panel.store(scales: I.multiply(multiplier, scale), record: subBlock / 2, block: subBlock % 2)
    }
  }
}
