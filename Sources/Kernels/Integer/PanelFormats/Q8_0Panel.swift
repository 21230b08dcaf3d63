/// weight = d · quant
public enum Q8_0Panel: PanelFormat {
  public typealias Shape = WideBlocksOf32
  public typealias Block = Q8_0Block

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    var sum = I.splat(0 as Int32)
    for half in 0..<2 {
      let quants = I.transpose(rows + (2 &+ 16 &* half), stride: stride)
      for word in 0..<4 {
        panel.store(weights: quants[word], record: 0, group: 4 &* half &+ word, addingTo: &sum)
      }
    }
    panel.store(sum: sum, record: 0)
    panel.store(scales: I.floatsFromHalves(I.transpose(rows, stride: stride)[0]), record: 0)
  }
}
