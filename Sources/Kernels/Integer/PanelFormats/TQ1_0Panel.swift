/// weight = d · (digit − 1)
public enum TQ1_0Panel: PanelFormat {
  public typealias Shape = NibbleBlocksOf32
  public typealias Block = TQ1_0Block

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    var sums = InlineArray<8, I.Words>(repeating: I.splat(0 as Int32))
    for half in 0..<2 {
      var bytes = I.transpose(rows + 16 &* half, stride: stride)
      for digit in 0..<5 {
        for word in 0..<4 {
          panel.store(
            weights: digits(I.self, &bytes[word]), record: digit, group: 4 &* half &+ word,
            addingTo: &sums[digit])
        }
      }
    }
    var bytes = I.transpose(rows + 32, stride: stride)
    for digit in 0..<5 {
      let record = 5 &+ digit / 2
      for word in 0..<4 {
        panel.store(
          weights: digits(I.self, &bytes[word]), record: record, group: 4 &* (digit % 2) &+ word,
          addingTo: &sums[record])
      }
    }
    // The last sixteen bytes of the block begin ten bytes before the third part.
    let end = I.transpose(rows + 38, stride: stride)
    var last = Q3_KPanel.joined(I.self, end[2], end[3])
    for digit in 0..<4 {
      panel.store(weights: digits(I.self, &last), record: 7, group: 4 &+ digit, addingTo: &sums[7])
    }
    let scales = I.floatsFromHighHalves(end[3])
    for record in 0..<8 {
      panel.store(sum: sums[record], record: record)
      panel.store(scales: scales, record: record)
    }
  }

  /// The first digit of each byte, less 1. The bytes become what follows it.
  @inlinable @inline(__always)
  static func digits<I: VectorInstructions>(_: I.Type, _ bytes: inout I.Words) -> I.Words {
    // Three times a byte: the digit above, the fraction that is left below.
    let three = I.splat(3 as Int32)
    let even = I.multiply(I.and(bytes, 0x00FF_00FF), three)
    let odd = I.multiply(I.and(I.shiftRight(bytes, by: 8), 0x00FF_00FF), three)
    bytes = I.or(I.and(even, 0x00FF_00FF), I.shiftLeft(I.and(odd, 0x00FF_00FF), by: 8))
    let digits = I.or(I.and(I.shiftRight(even, by: 8), 0x0003_0003), I.and(odd, 0x0300_0300))
    return I.subtractBytes(digits, I.splat(0x0101_0101 as Int32))
  }
}
