/// weight = (d · scale) · quant − dmin · minimum
public enum Q5_KPanel: PanelFormat {
  public typealias Shape = NarrowBlocksOf32WithMinimum
  public typealias Block = Q5_KBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    for part in 0..<2 {
      let fifthBits = I.transpose(rows + (16 &+ 16 &* part), stride: stride)
      for group in 0..<4 {
        let quants = I.transpose(rows + (48 &+ 32 &* group &+ 16 &* part), stride: stride)
        for word in 0..<4 {
          let lowFifth = I.bits(fifthBits[word], from: 2 &* group, count: 1)
          let highFifth = I.bits(fifthBits[word], from: 2 &* group &+ 1, count: 1)
          let low = I.or(I.bits(quants[word], from: 0, count: 4), I.shiftLeft(lowFifth, by: 4))
          let high = I.or(I.bits(quants[word], from: 4, count: 4), I.shiftLeft(highFifth, by: 4))
          panel.store(weights: low, record: 2 &* group, group: 4 &* part &+ word)
          panel.store(weights: high, record: 2 &* group &+ 1, group: 4 &* part &+ word)
        }
      }
    }
    Q4_KPanel.storeScales(rows, stride: stride, to: panel)
  }
}
