/// weight = (d · scale) · (quant − 32)
public enum Q6_KPanel: PanelFormat {
  public typealias Shape = NarrowBlocksOf16
  public typealias Block = Q6_KBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    let zeroPoint = I.splat(0x2020_2020 as Int32)
    for half in 0..<2 {
      for part in 0..<2 {
        let first = I.transpose(rows + (64 &* half &+ 16 &* part), stride: stride)
        let second = I.transpose(rows + (64 &* half &+ 16 &* part &+ 32), stride: stride)
        let high = I.transpose(rows + (128 &+ 32 &* half &+ 16 &* part), stride: stride)
        var sums = InlineArray<4, I.Words>(repeating: I.splat(0 as Int32))
        for word in 0..<4 {
          for plane in 0..<4 {
            let lowBits = I.bits(
              plane % 2 == 0 ? first[word] : second[word], from: plane / 2 &* 4, count: 4)
            let highBits = I.shiftLeft(I.bits(high[word], from: 2 &* plane, count: 2), by: 4)
            panel.store(
              weights: I.subtractBytes(I.or(lowBits, highBits), zeroPoint), record: 4 &* half &+ plane,
              group: 4 &* part &+ word, addingTo: &sums[plane])
          }
        }
        for plane in 0..<4 { panel.store(sum: sums[plane], record: 4 &* half &+ plane, block: part) }
      }
    }

    let scales = I.transpose(rows + 192, stride: stride)
    let multiplier = I.floatsFromHighHalves(I.transpose(rows + 194, stride: stride)[3])
    for block in 0..<16 {
      let scale = I.floats(I.signedByte(scales[block / 4], block % 4))
      panel.store(scales: I.multiply(multiplier, scale), record: block / 2, block: block % 2)
    }
  }
}
