/// `gate[i] ← silu(gate[i]) · up[i]` with `silu(x) = x / (1 + e⁻ˣ)`.
///
/// ``Exponential``, a correctly rounded division, one product. `count` is padded to whole vectors: up to 15 floats
/// after the last are read and written. Limited by memory once rows leave the cache.
public enum SwiGLU<Instructions: VectorInstructions> {
  @inlinable @inline(__always)
  public static func run(_ gate: UnsafeMutablePointer<Float>, _ up: UnsafePointer<Float>, count: Int) {
    typealias I = Instructions
    var index = 0
    while index < count {
      let x = I.loadFloats(gate + index)
      let exponential = Exponential<I>.run(I.subtract(I.splat(Float(0)), x))
      let silu = I.divide(x, I.add(I.splat(Float(1)), exponential))
      I.store(I.multiply(silu, I.loadFloats(up + index)), to: gate + index)
      index += I.laneCount
    }
  }
}
