/// Rotary position: each pair `(x[i], x[i + half])` of a head is turned by the angle of its position.
///
/// `x[i] ← x[i]·cos[i] − x[i + half]·sin[i]`, `x[i + half] ← x[i + half]·cos[i] + x[i]·sin[i]`: the
/// half-split pairs of Qwen3, not interleaved ones. The first product is rounded, the second added with one
/// rounding. In place.
public enum RotaryEmbedding<Instructions: VectorInstructions> {
  /// - Parameters:
  ///   - heads: `headCount` heads of `2 * half` floats, one after the other.
  ///   - cosines: `half` cosines of the token's position; `sines` likewise.
  @inlinable @inline(__always)
  public static func run(
    _ heads: UnsafeMutablePointer<Float>, headCount: Int, half: Int,
    cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>
  ) {
    let end = half - half % Instructions.laneCount
    var head = 0
    while head < headCount {
      let first = heads + head * 2 * half
      let second = first + half
      var index = 0
      while index < end {
        let x = Instructions.loadFloats(first + index)
        let y = Instructions.loadFloats(second + index)
        let cosine = Instructions.loadFloats(cosines + index)
        let sine = Instructions.loadFloats(sines + index)
        let minusSine = Instructions.subtract(Instructions.splat(Float(0)), sine)
        Instructions.store(
          Instructions.multiplyAdd(y, minusSine, Instructions.multiply(x, cosine)), to: first + index)
        Instructions.store(
          Instructions.multiplyAdd(x, sine, Instructions.multiply(y, cosine)), to: second + index)
        index += Instructions.laneCount
      }
      while index < half {
        let (x, y) = (first[index], second[index])
        first[index] = (x * cosines[index]).addingProduct(y, -sines[index])
        second[index] = (y * cosines[index]).addingProduct(x, sines[index])
        index += 1
      }
      head += 1
    }
  }
}
