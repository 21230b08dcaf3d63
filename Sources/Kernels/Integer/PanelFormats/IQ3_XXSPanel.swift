/// weight = (d · (2 · scale + 1) / 2) · ±half the coordinate
public enum IQ3_XXSPanel: PanelFormat {
  public typealias Shape = NarrowBlocksOf32
  public typealias Block = IQ3_XXSBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    let grid = Grid.iq3_xxs
    let multiplier = I.multiply(I.floatsFromHalves(I.transpose(rows, stride: stride)[0]), I.splat(0.5))
    let allSigns: InlineArray<2, InlineArray<4, I.Words>> = [
      I.transpose(rows + 66, stride: stride), I.transpose(rows + 82, stride: stride),
    ]
    for pair in 0..<4 {
      let indices = I.transpose(rows + (2 &+ 16 &* pair), stride: stride)
      for part in 0..<2 {
        let record = 2 &* pair &+ part
        let words = allSigns[record / 4][record % 4]
        var sum = I.splat(0 as Int32)
        for group in 0..<8 {
          panel.store(
            shortPointsOf: grid, at: I.unsignedByte(indices[2 &* part &+ group / 4], group % 4),
            signs: I.completedSigns(words, from: 7 &* (group / 2)), from: 4 &* (group % 2), record: record,
            group: group, addingTo: &sum)
        }
        panel.store(sum: sum, record: record)
        panel.store(scales: I.multiply(multiplier, I.oddNumbers(words, from: 28, count: 4)), record: record)
      }
    }
  }
}
