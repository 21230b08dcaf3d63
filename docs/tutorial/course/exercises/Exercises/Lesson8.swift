/// 32 activations as 8-bit integers that share a scale: `x[i] ≈ scale · integers[i]`.
///
/// The largest magnitude becomes 127 or −127, the others are rounded to the nearest integer, ties to even. A
/// block of zeros has scale 0.
public func quantized(_ x: [Float]) -> (scale: Float, integers: [Int]) {
  (1, x.map { Int($0) })  // Write it.
}

/// The dot product of a block of Q4_K with 256 activations of 8 bits, as the engine computes it: sums of
/// products are of integers, and floats come in once for each 32.
///
///     Σ over sub-blocks:  scale_x · (d · scale · Σ quant · x  −  dmin · minimum · Σ x)
public func product(ofQ4K block: [UInt8], _ activations: [Float]) -> Float {
  0  // Write it, with what you know from lesson 2.
}
