/// weight = d · quant + m
public enum Q4_1Panel: PanelFormat {
  public typealias Shape = NibbleBlocksOf32WithMinimum
  public typealias Block = Q4_1Block

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    var sum = I.splat(0 as Int32)
    let quants = I.transpose(rows + 4, stride: stride)
    for word in 0..<4 {
      panel.store(weights: I.bits(quants[word], from: 0, count: 4), record: 0, group: word, addingTo: &sum)
      panel.store(
        weights: I.bits(quants[word], from: 4, count: 4), record: 0, group: 4 &+ word, addingTo: &sum)
    }
    let halves = I.transpose(rows, stride: stride)[0]
    panel.store(sum: sum, record: 0)
    panel.store(scales: I.floatsFromHalves(halves), record: 0)
    panel.store(minima: I.floatsFromHighHalves(halves), record: 0)
  }
}
