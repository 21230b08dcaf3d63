/// weight = d · level[index]
public enum IQ4_NLPanel: PanelFormat {
  public typealias Shape = WideBlocksOf32
  public typealias Block = IQ4_NLBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    storeLevels(rows + 2, stride: stride, to: panel, record: 0)
    panel.store(scales: I.floatsFromHalves(I.transpose(rows, stride: stride)[0]), record: 0)
  }

  /// The levels that sixteen bytes of indices stand for: low nibbles first, then high nibbles.
  @inlinable @inline(__always)
  static func storeLevels<I: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<I, Shape>, record: Int
  ) {
    var sum = I.splat(0 as Int32)
    let indices = I.transpose(rows, stride: stride)
    let levels: InlineArray<16, Int8> = [
      -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
    ]
    withUnsafeBytes(of: levels) { bytes in
      let table = bytes.baseAddress!.assumingMemoryBound(to: Int8.self)
      for word in 0..<4 {
        let low = I.lookup(table, I.bits(indices[word], from: 0, count: 4))
        let high = I.lookup(table, I.bits(indices[word], from: 4, count: 4))
        panel.store(weights: low, record: record, group: word, addingTo: &sum)
        panel.store(weights: high, record: record, group: 4 &+ word, addingTo: &sum)
      }
    }
    panel.store(sum: sum, record: record)
  }
}
