/// weight = d · (quant − 8)
public enum Q4_0Panel: PanelFormat {
  public typealias Shape = NibbleBlocksOf32
  public typealias Block = Q4_0Block

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    var sum = I.splat(0 as Int32)
    let quants = I.transpose(rows + 2, stride: stride)
    let zeroPoint = I.splat(0x0808_0808 as Int32)
    for word in 0..<4 {
      let low = I.bits(quants[word], from: 0, count: 4)
      let high = I.bits(quants[word], from: 4, count: 4)
      panel.store(weights: I.subtractBytes(low, zeroPoint), record: 0, group: word, addingTo: &sum)
      panel.store(weights: I.subtractBytes(high, zeroPoint), record: 0, group: 4 &+ word, addingTo: &sum)
    }
    panel.store(sum: sum, record: 0)
    panel.store(scales: I.floatsFromHalves(I.transpose(rows, stride: stride)[0]), record: 0)
  }
}
