/// weight = (d · (2 · scale + 1) / 8) · ±coordinate
public enum IQ2_SPanel: PanelFormat {
  public typealias Shape = MediumBlocksOf16
  public typealias Block = IQ2_SBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    let grid = Grid.iq2_s
    let high = I.transpose(rows + 66, stride: stride)
    for half in 0..<2 {
      let low = I.transpose(rows + (2 &+ 16 &* half), stride: stride)
      let signs = I.transpose(rows + (34 &+ 16 &* half), stride: stride)
      for subBlock in 0..<8 {
        let record = 4 &* half &+ subBlock / 2
        var sum = I.splat(0 as Int32)
        for part in 0..<2 {
          let point = 2 &* subBlock &+ part
          let index = I.or(
            I.unsignedByte(low[point / 4], point % 4),
            I.shiftLeft(I.field(high[half], from: 2 &* point, count: 2), by: 8))
          panel.store(
            pointsOf: grid, at: index, signs: I.unsignedByte(signs[point / 4], point % 4), record: record,
            group: 4 &* (subBlock % 2) &+ 2 &* part, addingTo: &sum)
        }
        panel.store(sum: sum, record: record, block: subBlock % 2)
      }
    }
    IQ2_XSPanel.storeScales(rows, offset: 74, stride: stride, to: panel)
  }
}
