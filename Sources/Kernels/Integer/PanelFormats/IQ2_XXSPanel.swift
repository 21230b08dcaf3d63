/// weight = (d · (2 · scale + 1) / 8) · ±coordinate
public enum IQ2_XXSPanel: PanelFormat {
  public typealias Shape = MediumBlocksOf32
  public typealias Block = IQ2_XXSBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    let grid = Grid.iq2_xxs
    let multiplier = I.multiply(I.floatsFromHalves(I.transpose(rows, stride: stride)[0]), I.splat(0.125))
    for pair in 0..<4 {
      let words = I.transpose(rows + (2 &+ 16 &* pair), stride: stride)
      for part in 0..<2 {
        let record = 2 &* pair &+ part
        let (indices, signs) = (words[2 &* part], words[2 &* part &+ 1])
        var sum = I.splat(0 as Int32)
        for point in 0..<4 {
          panel.store(
            pointsOf: grid, at: I.unsignedByte(indices, point),
            signs: I.completedSigns(signs, from: 7 &* point), record: record, group: 2 &* point,
            addingTo: &sum)
        }
        panel.store(sum: sum, record: record)
        panel.store(scales: I.multiply(multiplier, I.oddNumbers(signs, from: 28, count: 4)), record: record)
      }
    }
  }
}
