/// weight = scale / 2 · level[nibble]
public enum NVFP4Panel: PanelFormat {
  public typealias Shape = NibbleBlocksOf16
  public typealias Block = NVFP4Block

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    for record in 0..<2 {
      let nibbles = I.transpose(rows + (4 &+ 16 &* record), stride: stride)
      for block in 0..<2 {
        var sum = I.splat(0 as Int32)
        for part in 0..<2 {
          for word in 0..<2 {
            panel.store(
              weights: MXFP4Panel.levels(I.self, nibbles[2 &* block &+ word], from: 4 &* part),
              record: record,
              group: 4 &* block &+ 2 &* part &+ word, addingTo: &sum)
          }
        }
        panel.store(sum: sum, record: record, block: block)
      }
    }
    let scales = I.transpose(rows, stride: stride)[0]
    for block in 0..<4 {
      panel.store(
        scales: halfScales(I.self, I.unsignedByte(scales, block)), record: block / 2, block: block % 2)
    }
  }

  /// Half of the numbers that bytes are; 0 for 0x7F.
  @inlinable @inline(__always)
  static func halfScales<I: VectorInstructions>(_: I.Type, _ bytes: I.Words) -> I.Floats {
    // 0 where a byte is 0x7F, else 1: adding 255 to anything else carries.
    let isNumber = I.shiftRight(
      I.add(I.exclusiveOr(bytes, I.splat(0x7F as Int32)), I.splat(255 as Int32)), by: 8)
    let bits = I.multiply(I.and(bytes, 0x7F), isNumber)
    // The same bits make a half-precision number that is 256 times smaller.
    return I.multiply(I.floatsFromHalves(I.shiftLeft(bits, by: 7)), I.splat(128))
  }
}
