/// The 256 weights of a block of Q4_K.
public func weights(ofQ4K block: [UInt8]) -> [Float] {
  let d = half(block, at: 0)
  let dmin = half(block, at: 2)
  var weights = [Float](repeating: 0, count: 256)
  for subBlock in 0..<8 {
    let (scale, minimum) = scaleAndMinimum(block, subBlock)
    let (group, isHigh) = (subBlock / 2, subBlock % 2 == 1)
    for index in 0..<32 {
      let byte = block[16 + 32 * group + index]
      let quant = isHigh ? byte >> 4 : byte & 15
      weights[32 * subBlock + index] = (d * Float(scale)) * Float(quant) - dmin * Float(minimum)
    }
  }
  return weights
}

/// Lesson 8 uses it too.
func half(_ block: [UInt8], at offset: Int) -> Float {
  Float(Float16(bitPattern: UInt16(block[offset]) | UInt16(block[offset + 1]) << 8))
}

/// Of the first four sub-blocks both are the low six bits of a byte. Of the others, four bits are in bytes 12
/// to 15, and the two high bits are those that the first four left free.
func scaleAndMinimum(_ block: [UInt8], _ subBlock: Int) -> (scale: UInt8, minimum: UInt8) {
  guard subBlock >= 4 else { return (block[4 + subBlock] & 63, block[8 + subBlock] & 63) }
  let low = block[8 + subBlock]
  return (low & 15 | (block[subBlock] >> 6) << 4, low >> 4 | (block[4 + subBlock] >> 6) << 4)
}
