/// The memory of quantized activations, kept from multiply to multiply and grown when one needs more.
///
/// Sendable: only the thread that brings the jobs of a multiply calls
/// ``activations(tokenCount:columnCount:precision:layout:)``, between jobs. A pass in the pause of another
/// one shares the buffer, and a pause is never inside of a multiply. The workers of a job write different
/// tiles, and read them in the job after.
final class QuantizedBuffer: @unchecked Sendable {
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 64)

  deinit { memory.deallocate() }

  /// Room for activations of this shape. What the buffer held is lost.
  func activations(
    tokenCount: Int, columnCount: Int, precision: IntegerPrecision, layout: ActivationLayout
  ) -> QuantizedActivations {
    let byteCount = QuantizedActivations.byteCount(
      tokenCount: tokenCount, columnCount: columnCount, precision: precision, layout: layout)
    if byteCount > memory.count {
      memory.deallocate()
      memory = .allocate(byteCount: byteCount, alignment: 64)
    }
    return QuantizedActivations(
      address: memory.baseAddress.unsafelyUnwrapped, tokenCount: tokenCount, columnCount: columnCount,
      precision: precision, layout: layout)
  }
}
