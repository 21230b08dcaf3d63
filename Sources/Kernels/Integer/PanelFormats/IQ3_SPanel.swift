/// weight = (d · (2 · scale + 1)) · ±coordinate
public enum IQ3_SPanel: PanelFormat {
  public typealias Shape = NibbleBlocksOf32
  public typealias Block = IQ3_SBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    let grid = Grid.iq3_s
    let multiplier = I.floatsFromHalves(I.transpose(rows, stride: stride)[0])
    let scales = I.transpose(rows + 94, stride: stride)[3]
    let high = I.transpose(rows + 66, stride: stride)
    let allSigns: InlineArray<2, InlineArray<4, I.Words>> = [
      I.transpose(rows + 74, stride: stride), I.transpose(rows + 90, stride: stride),
    ]
    for pair in 0..<4 {
      let low = I.transpose(rows + (2 &+ 16 &* pair), stride: stride)
      for part in 0..<2 {
        let record = 2 &* pair &+ part
        var sum = I.splat(0 as Int32)
        for group in 0..<8 {
          let highBit = I.field(high[record / 4], from: 8 &* (record % 4) &+ group, count: 1)
          let index = I.or(
            I.unsignedByte(low[2 &* part &+ group / 4], group % 4), I.shiftLeft(highBit, by: 8))
          panel.store(
            shortPointsOf: grid, at: index, signs: allSigns[record / 4][record % 4], from: 4 &* group,
            record: record, group: group, addingTo: &sum)
        }
        panel.store(sum: sum, record: record)
        let scale = I.oddNumbers(scales, from: 4 &* record, count: 4)
        panel.store(scales: I.multiply(multiplier, scale), record: record)
      }
    }
  }
}
