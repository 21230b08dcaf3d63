import Kernels

/// A weight matrix, with its weights rounded where the rule asks for it. Owns the rounded copy.
final class RoundedMatrix {
  let matrix: WeightMatrix
  private let storage: UnsafeMutableRawBufferPointer?

  init(_ original: WeightMatrix, _ rounding: TransformerRule.Rounding) {
    guard rounding == .half || rounding == .bfloat16 else {
      (matrix, storage) = (original, nil)
      return
    }
    let count = original.rowCount * original.columnCount
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count * 4, alignment: 64)
    let floats = bytes.bindMemory(to: Float.self)
    if let start = floats.baseAddress {
      for row in 0..<original.rowCount {
        original.format.dequantize(
          original.unsafeRow(row), count: original.columnCount, into: start + row * original.columnCount)
      }
    }
    for index in floats.indices { floats[index] = rounding(floats[index]) }
    storage = bytes
    matrix = WeightMatrix(
      format: .f32, rowCount: original.rowCount, columnCount: original.columnCount,
      bytes: UnsafeRawBufferPointer(bytes), factor: original.factor)
  }

  deinit { storage?.deallocate() }
}
