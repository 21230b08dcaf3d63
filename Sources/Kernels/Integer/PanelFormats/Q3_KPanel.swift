/// weight = (d · scale) · (quant − (third bit ? 0 : 4)), scale = −32…31
public enum Q3_KPanel: PanelFormat {
  public typealias Shape = NarrowBlocksOf16
  public typealias Block = Q3_KBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    let zeroPoint = I.splat(0x0404_0404 as Int32)
    for part in 0..<2 {
      let thirdBits = I.transpose(rows + 16 &* part, stride: stride)
      for half in 0..<2 {
        let quants = I.transpose(rows + (32 &+ 32 &* half &+ 16 &* part), stride: stride)
        var sums = InlineArray<4, I.Words>(repeating: I.splat(0 as Int32))
        for word in 0..<4 {
          for plane in 0..<4 {
            let high = I.bits(thirdBits[word], from: 4 &* half &+ plane, count: 1)
            let quant = I.or(
              I.bits(quants[word], from: 2 &* plane, count: 2), I.shiftLeft(high, by: 2))
            panel.store(
              weights: I.subtractBytes(quant, zeroPoint), record: 4 &* half &+ plane,
              group: 4 &* part &+ word, addingTo: &sums[plane])
          }
        }
        for plane in 0..<4 { panel.store(sum: sums[plane], record: 4 &* half &+ plane, block: part) }
      }
    }
    storeScales(rows, stride: stride, to: panel)
  }

  @inlinable @inline(__always)
  static func storeScales<I: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<I, Shape>
  ) {
    // The last sixteen bytes of the block begin two bytes before the scales.
    let words = I.transpose(rows + 94, stride: stride)
    let first = joined(I.self, words[0], words[1])
    let second = joined(I.self, words[1], words[2])
    let high = joined(I.self, words[2], words[3])
    let multiplier = I.floatsFromHighHalves(words[3])
    for quarter in 0..<4 {
      let lowBits = I.bits(quarter % 2 == 0 ? first : second, from: quarter / 2 &* 4, count: 4)
      let highBits = I.shiftLeft(I.bits(high, from: 2 &* quarter, count: 2), by: 4)
      let scales = I.or(lowBits, highBits)
      for byte in 0..<4 {
        let scale = I.subtract(I.unsignedByte(scales, byte), I.splat(32 as Int32))
        panel.store(
          scales: I.multiply(multiplier, I.floats(scale)), record: 2 &* quarter &+ byte / 2, block: byte % 2)
      }
    }
  }

  /// The upper half of one word and the lower half of the next.
  @inlinable @inline(__always)
  static func joined<I: VectorInstructions>(_: I.Type, _ low: I.Words, _ high: I.Words) -> I.Words {
    I.or(I.and(I.shiftRight(low, by: 16), 0xFFFF), I.shiftLeft(high, by: 16))
  }
}
