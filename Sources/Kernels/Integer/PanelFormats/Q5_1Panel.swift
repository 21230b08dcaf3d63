/// weight = d · quant + m
public enum Q5_1Panel: PanelFormat {
  public typealias Shape = NarrowBlocksOf32WithMinimum
  public typealias Block = Q5_1Block

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    var sum = I.splat(0 as Int32)
    let header = I.transpose(rows, stride: stride)
    let quants = I.transpose(rows + 8, stride: stride)
    for word in 0..<4 {
      let low = I.or(
        I.bits(quants[word], from: 0, count: 4),
        Q5_0Panel.fifthBitOfBytes(I.self, header[1], firstBit: 4 &* word))
      let high = I.or(
        I.bits(quants[word], from: 4, count: 4),
        Q5_0Panel.fifthBitOfBytes(I.self, header[1], firstBit: 16 &+ 4 &* word))
      panel.store(weights: low, record: 0, group: word, addingTo: &sum)
      panel.store(weights: high, record: 0, group: 4 &+ word, addingTo: &sum)
    }
    panel.store(sum: sum, record: 0)
    panel.store(scales: I.floatsFromHalves(header[0]), record: 0)
    panel.store(minima: I.floatsFromHighHalves(header[0]), record: 0)
  }
}
