/// weight = (d · scale) · level[index], scale = −32…31
public enum IQ4_XSPanel: PanelFormat {
  public typealias Shape = WideBlocksOf32
  public typealias Block = IQ4_XSBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    let header = I.transpose(rows, stride: stride)
    let multiplier = I.floatsFromHalves(header[0])
    for record in 0..<8 {
      IQ4_NLPanel.storeLevels(rows + (8 &+ 16 &* record), stride: stride, to: panel, record: record)
      let low = I.and(I.shiftRight(header[1], by: Int32(truncatingIfNeeded: 4 &* record)), 0xF)
      let high = I.and(I.shiftRight(header[0], by: Int32(truncatingIfNeeded: 16 &+ 2 &* record)), 0x3)
      let scale = I.subtract(I.or(low, I.shiftLeft(high, by: 4)), I.splat(32 as Int32))
      panel.store(scales: I.multiply(multiplier, I.floats(scale)), record: record)
    }
  }
}
