import Kernels

extension TransformerRule.Rounding {
  /// Rounds to the nearest value, ties to even.
  func callAsFunction(_ value: Float) -> Float {
    switch self {
    case .float32, .eightBit: value
    case .half: Float(Float16(value))
    case .bfloat16: Self.bfloat16(value)
    }
  }

  private static func bfloat16(_ value: Float) -> Float {
    guard value.isFinite else { return value }
    let bits = value.bitPattern
    return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
  }

  /// Rounds every element, in place.
  func callAsFunction(_ values: Activations) {
    guard self == .half || self == .bfloat16 else { return }
    let elements = UnsafeMutableBufferPointer(
      start: values.unsafeElements, count: values.rowCount * values.columnCount)
    for index in elements.indices { elements[index] = self(elements[index]) }
  }

  /// Rounds what is about to meet `format`, in place: each block to 255 steps between ± its largest element.
  func quantize(_ values: Activations, for format: BlockFormat) {
    guard self == .eightBit, ![.f32, .f16, .bf16].contains(format) else { return }
    let block = format.valuesPerBlock
    let elements = UnsafeMutableBufferPointer(
      start: values.unsafeElements, count: values.rowCount * values.columnCount)
    for start in stride(from: 0, to: elements.count, by: block) {
      let range = start..<min(start + block, elements.count)
      let largest = range.reduce(Float(0)) { max($0, abs(elements[$1])) }
      guard largest > 0, largest.isFinite else { continue }
      let scale = largest / 127
      for index in range { elements[index] = (elements[index] / scale).rounded() * scale }
    }
  }
}
