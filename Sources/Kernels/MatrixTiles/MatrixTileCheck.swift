/// A small multiply on matrix tiles and on vectors: whether both give the same bits.
///
/// It runs before tiles are used the first time, in less than a millisecond: tiles are the only instructions
/// here whose registers an operating system may lose, and the youngest of all.
public enum MatrixTileCheck {
  static let rowCount = 40
  static let columnCount = 512
  static let tokenCount = 19

  public static func agrees(_ vectors: any KernelSet, _ tiles: any MatrixTileKernels) -> Bool {
    let tiled = TiledKernels(name: "amx", vectors: vectors, tiles: tiles)
    for format in [BlockFormat.q8_0, .q4_K, .q6_K] {
      for precision in IntegerPrecision.allCases {
        let expected = product(vectors, format, precision, .sixTokens)
        guard
          product(tiled, format, precision, .sixteenTokens).elementsEqual(
            expected, by: { $0.bitPattern == $1.bitPattern })
        else { return false }
      }
    }
    return true
  }

  private static func product(
    _ kernels: any KernelSet, _ format: BlockFormat, _ precision: IntegerPrecision, _ layout: ActivationLayout
  ) -> [Float] {
    var state: UInt32 = 1
    /// Bits without a pattern: Numerical Recipes' linear congruential generator.
    func next() -> UInt32 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return state >> 16
    }
    let weights = (0..<format.byteCount(ofValues: rowCount * columnCount)).map { _ in
      // Below 0x3C: no half precision number among them is large, an infinity or a NaN.
      UInt8(truncatingIfNeeded: next() % 0x3C)
    }
    let floats = (0..<(tokenCount * columnCount)).map { index in
      (Float(next()) - 32768) * (index % 251 == 0 ? 100 : 1)
    }
    let size = QuantizedActivations.byteCount(
      tokenCount: tokenCount, columnCount: columnCount, precision: precision, layout: layout)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
    let scratch = UnsafeMutableRawBufferPointer.allocate(
      byteCount: IntegerMultiply.scratchByteCount(columnCount: columnCount), alignment: 64)
    defer {
      memory.deallocate()
      scratch.deallocate()
    }
    let activations = QuantizedActivations(
      address: memory.baseAddress.unsafelyUnwrapped, tokenCount: tokenCount, columnCount: columnCount,
      precision: precision, layout: layout)
    kernels.quantize(floats, rowStride: columnCount, tiles: 0..<activations.tileCount, into: activations)
    var output = [Float](repeating: 0, count: tokenCount * rowCount)
    weights.withUnsafeBytes { bytes in
      guard
        let matrix = QuantizedMatrix(
          address: bytes.baseAddress.unsafelyUnwrapped, format: format, rowCount: rowCount,
          columnCount: columnCount)
      else { return }
      kernels.multiply(
        matrix, rows: 0..<rowCount, by: activations, tiles: 0..<activations.tileCount, into: &output,
        outputStride: rowCount, next: UnsafeRawBufferPointer(start: nil, count: 0),
        scratch: scratch.baseAddress.unsafelyUnwrapped, unpackTimer: .off)
    }
    return output
  }
}
