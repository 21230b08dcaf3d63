/// 32 activations as 8-bit integers that share a scale: `x[i] ≈ scale · integers[i]`.
public func quantized(_ x: [Float]) -> (scale: Float, integers: [Int]) {
  let largest = x.reduce(0) { max($0, abs($1)) }
  guard largest > 0 else { return (0, x.map { _ in 0 }) }
  let factor = 127 / largest
  return (largest / 127, x.map { Int(($0 * factor).rounded(.toNearestOrEven)) })
}

/// The dot product of a block of Q4_K with 256 activations of 8 bits.
public func product(ofQ4K block: [UInt8], _ activations: [Float]) -> Float {
  let d = half(block, at: 0)
  let dmin = half(block, at: 2)
  var total: Float = 0
  for subBlock in 0..<8 {
    let (scaleOfX, x) = quantized(Array(activations[32 * subBlock..<32 * subBlock + 32]))
    let (scale, minimum) = scaleAndMinimum(block, subBlock)
    let shift = 4 * (subBlock % 2)
    let quants = block[16 + 32 * (subBlock / 2)..<48 + 32 * (subBlock / 2)].map { Int($0 >> shift & 15) }
    let products = zip(quants, x).reduce(0) { $0 + $1.0 * $1.1 }
    let sum = x.reduce(0, +)
    total += scaleOfX * (d * Float(scale) * Float(products) - dmin * Float(minimum) * Float(sum))
  }
  return total
}
