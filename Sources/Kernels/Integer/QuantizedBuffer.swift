/// The memory of quantised activations, kept from multiply to multiply and grown when one needs more.
final class QuantizedBuffer: @unchecked Sendable {
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 64)

  deinit { memory.deallocate() }

  /// Room for activations of this shape. What the buffer held is lost.
  func activations(
    tokenCount: Int, columnCount: Int, precision: IntegerPrecision
  ) -> QuantizedActivations {
    let byteCount = QuantizedActivations.byteCount(
      tokenCount: tokenCount, columnCount: columnCount, precision: precision)
    if byteCount > memory.count {
      memory.deallocate()
      memory = .allocate(byteCount: byteCount, alignment: 64)
    }
    return QuantizedActivations(
      address: memory.baseAddress.unsafelyUnwrapped, tokenCount: tokenCount, columnCount: columnCount,
      precision: precision)
  }
}
