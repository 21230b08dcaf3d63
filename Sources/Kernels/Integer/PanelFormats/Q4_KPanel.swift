/// weight = (d · scale) · quant − dmin · minimum
public enum Q4_KPanel: PanelFormat {
  public typealias Shape = NibbleBlocksOf32WithMinimum
  public typealias Block = Q4_KBlock

  @inlinable @inline(__always)
  public static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>
  ) {
    typealias I = Instructions
    for group in 0..<4 {
      var lowSum = I.splat(0 as Int32)
      var highSum = lowSum
      for part in 0..<2 {
        let quants = I.transpose(rows + (16 &+ 32 &* group &+ 16 &* part), stride: stride)
        for word in 0..<4 {
          let low = I.bits(quants[word], from: 0, count: 4)
          let high = I.bits(quants[word], from: 4, count: 4)
          panel.store(weights: low, record: 2 &* group, group: 4 &* part &+ word, addingTo: &lowSum)
          panel.store(weights: high, record: 2 &* group &+ 1, group: 4 &* part &+ word, addingTo: &highSum)
        }
      }
      panel.store(sum: lowSum, record: 2 &* group)
      panel.store(sum: highSum, record: 2 &* group &+ 1)
    }
    storeScales(rows, stride: stride, to: panel)
  }

  /// The scales and minima of a Q4_K or Q5_K block; ``SixBitScales`` draws their bytes.
  @inlinable @inline(__always)
  static func storeScales<I: VectorInstructions, S: PanelShape>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<I, S>
  ) {
    let header = I.transpose(rows, stride: stride)
    let scaleMultiplier = I.floatsFromHalves(header[0])
    let minimumMultiplier = I.negated(I.floatsFromHighHalves(header[0]))
    let fifthScales = I.or(
      I.bits(header[3], from: 0, count: 4), I.shiftLeft(I.bits(header[1], from: 6, count: 2), by: 4))
    let fifthMinima = I.or(
      I.bits(header[3], from: 4, count: 4), I.shiftLeft(I.bits(header[2], from: 6, count: 2), by: 4))
    for block in 0..<8 {
      let scales = block < 4 ? I.bits(header[1], from: 0, count: 6) : fifthScales
      let minima = block < 4 ? I.bits(header[2], from: 0, count: 6) : fifthMinima
      let scale = I.floats(I.unsignedByte(scales, block % 4))
      let minimum = I.floats(I.unsignedByte(minima, block % 4))
      panel.store(scales: I.multiply(scaleMultiplier, scale), record: block)
      panel.store(minima: I.multiply(minimumMultiplier, minimum), record: block)
    }
  }
}
