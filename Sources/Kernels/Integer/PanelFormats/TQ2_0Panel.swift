/// weight = d · (quant − 1)
public enum TQ2_0Panel: PanelFormat {
  public typealias Shape = NibbleBlocksOf32
  public typealias Block = TQ2_0Block

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    let zeroPoint = I.splat(0x0101_0101 as Int32)
    let scales = I.floatsFromHighHalves(I.transpose(rows + 50, stride: stride)[3])
    for half in 0..<2 {
      var sums = InlineArray<4, I.Words>(repeating: I.splat(0 as Int32))
      for part in 0..<2 {
        let quants = I.transpose(rows + (32 &* half &+ 16 &* part), stride: stride)
        for word in 0..<4 {
          for plane in 0..<4 {
            panel.store(
              weights: I.subtractBytes(I.bits(quants[word], from: 2 &* plane, count: 2), zeroPoint),
              record: 4 &* half &+ plane, group: 4 &* part &+ word, addingTo: &sums[plane])
          }
        }
      }
      for plane in 0..<4 {
        panel.store(sum: sums[plane], record: 4 &* half &+ plane)
        panel.store(scales: scales, record: 4 &* half &+ plane)
      }
    }
  }
}
