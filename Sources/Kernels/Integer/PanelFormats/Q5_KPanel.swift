/// weight = (d · scale) · quant − dmin · minimum
public enum Q5_KPanel: PanelFormat {
  public typealias Shape = NarrowBlocksOf32WithMinimum
  public typealias Block = Q5_KBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    let fifthBits: InlineArray<2, InlineArray<4, I.Words>> = [
      I.transpose(rows + 16, stride: stride), I.transpose(rows + 32, stride: stride),
    ]
    for group in 0..<4 {
      var lowSum = I.splat(0 as Int32)
      var highSum = lowSum
      for part in 0..<2 {
        let quants = I.transpose(rows + (48 &+ 32 &* group &+ 16 &* part), stride: stride)
        for word in 0..<4 {
          let lowFifth = I.bits(fifthBits[part][word], from: 2 &* group, count: 1)
          let highFifth = I.bits(fifthBits[part][word], from: 2 &* group &+ 1, count: 1)
          let low = I.or(I.bits(quants[word], from: 0, count: 4), I.shiftLeft(lowFifth, by: 4))
          let high = I.or(I.bits(quants[word], from: 4, count: 4), I.shiftLeft(highFifth, by: 4))
          panel.store(weights: low, record: 2 &* group, group: 4 &* part &+ word, addingTo: &lowSum)
          panel.store(weights: high, record: 2 &* group &+ 1, group: 4 &* part &+ word, addingTo: &highSum)
        }
      }
      panel.store(sum: lowSum, record: 2 &* group)
      panel.store(sum: highSum, record: 2 &* group &+ 1)
    }
    Q4_KPanel.storeScales(rows, stride: stride, to: panel)
  }
}
