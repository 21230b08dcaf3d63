/// weight = (d · (2 · scale + 1) / 8) · ±coordinate
public enum IQ2_XSPanel: PanelFormat {
  public typealias Shape = MediumBlocksOf16
  public typealias Block = IQ2_XSBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    let grid = Grid.iq2_xs
    for quarter in 0..<4 {
      let words = I.transpose(rows + (2 &+ 16 &* quarter), stride: stride)
      for word in 0..<4 {
        let subBlock = 4 &* quarter &+ word
        var sum = I.splat(0 as Int32)
        for point in 0..<2 {
          panel.store(
            pointsOf: grid, at: I.field(words[word], from: 16 &* point, count: 9),
            signs: I.completedSigns(words[word], from: 16 &* point &+ 9), record: subBlock / 2,
            group: 4 &* (subBlock % 2) &+ 2 &* point, addingTo: &sum)
        }
        panel.store(sum: sum, record: subBlock / 2, block: subBlock % 2)
      }
    }
    storeScales(rows, offset: 66, stride: stride, to: panel)
  }

  /// Sixteen scales in the last eight bytes of a block, at `offset`.
  @inlinable @inline(__always)
  static func storeScales<I: VectorInstructions>(
    _ rows: UnsafeRawPointer, offset: Int, stride: Int, to panel: PanelWriter<I, Shape>
  ) {
    let multiplier = I.multiply(I.floatsFromHalves(I.transpose(rows, stride: stride)[0]), I.splat(0.125))
    let words = I.transpose(rows + (offset &- 8), stride: stride)
    for subBlock in 0..<16 {
      let scale = I.oddNumbers(words[2 &+ subBlock / 8], from: 4 &* (subBlock % 8), count: 4)
      panel.store(scales: I.multiply(multiplier, scale), record: subBlock / 2, block: subBlock % 2)
    }
  }
}
