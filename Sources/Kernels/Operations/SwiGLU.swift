/// `gate[i] ← silu(gate[i]) · up[i]` with `silu(x) = x / (1 + e⁻ˣ)`.
///
/// ``Exponential``, a correctly rounded division, one product. Limited by memory once rows leave the cache.
public enum SwiGLU<Instructions: VectorInstructions> {
  @inlinable @inline(__always)
  public static func run(_ gate: UnsafeMutablePointer<Float>, _ up: UnsafePointer<Float>, count: Int) {
    let end = count - count % Instructions.laneCount
    var index = 0
    while index < end {
      vector(gate + index, up + index)
      index += Instructions.laneCount
    }
    guard end < count else { return }
    // The last few, in a vector of their own: the floats after them belong to somebody else.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * Instructions.laneCount) { memory in
      let lastGate = memory.baseAddress.unsafelyUnwrapped
      let lastUp = lastGate + Instructions.laneCount
      lastGate.initialize(repeating: 0, count: 2 * Instructions.laneCount)
      lastGate.update(from: gate + end, count: count - end)
      lastUp.update(from: up + end, count: count - end)
      vector(lastGate, lastUp)
      (gate + end).update(from: lastGate, count: count - end)
    }
  }

  @inlinable @inline(__always)
  static func vector(_ gate: UnsafeMutablePointer<Float>, _ up: UnsafePointer<Float>) {
    typealias I = Instructions
    let x = I.loadFloats(gate)
    let exponential = Exponential<I>.run(I.subtract(I.splat(Float(0)), x))
    let silu = I.divide(x, I.add(I.splat(Float(1)), exponential))
    I.store(I.multiply(silu, I.loadFloats(up)), to: gate)
  }
}
