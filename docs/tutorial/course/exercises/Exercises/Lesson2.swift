/// The 256 weights of a block of Q4_K.
///
///     weight = (d · scale) · quant − dmin · minimum
///
/// Compute in Float: the test compares bits with gguf-py's. A half-precision number is
/// `Float(Float16(bitPattern: …))`.
///
/// - Parameter block: 144 bytes: d, dmin, 12 bytes of scales and minima, 128 bytes of quants.
public func weights(ofQ4K block: [UInt8]) -> [Float] {
  [Float](repeating: 0, count: 256)  // Write it.
}
