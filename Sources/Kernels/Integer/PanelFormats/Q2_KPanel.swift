/// weight = (d · scale) · quant − dmin · minimum
public enum Q2_KPanel: PanelFormat {
  public typealias Shape = NibbleBlocksOf16WithMinimum
  public typealias Block = Q2_KBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    for half in 0..<2 {
      for part in 0..<2 {
        let quants = I.transpose(rows + (16 &+ 32 &* half &+ 16 &* part), stride: stride)
        var sums = InlineArray<4, I.Words>(repeating: I.splat(0 as Int32))
        for word in 0..<4 {
          for plane in 0..<4 {
            panel.store(
              weights: I.bits(quants[word], from: 2 &* plane, count: 2), record: 4 &* half &+ plane,
              group: 4 &* part &+ word, addingTo: &sums[plane])
          }
        }
        for plane in 0..<4 { panel.store(sum: sums[plane], record: 4 &* half &+ plane, block: part) }
      }
    }

    let scales = I.transpose(rows, stride: stride)
    let multipliers = I.transpose(rows + 68, stride: stride)[3]
    let scaleMultiplier = I.floatsFromHalves(multipliers)
    let minimumMultiplier = I.negated(I.floatsFromHighHalves(multipliers))
    for block in 0..<16 {
      let nibbles = I.unsignedByte(scales[block / 4], block % 4)
      let scale = I.floats(I.and(nibbles, 0xF))
      let minimum = I.floats(I.shiftRight(nibbles, by: 4))
      panel.store(scales: I.multiply(scaleMultiplier, scale), record: block / 2, block: block % 2)
      panel.store(minima: I.multiply(minimumMultiplier, minimum), record: block / 2, block: block % 2)
    }
  }
}
