/// `sum[i] += addend[i]` for `i` in `0..<count`.
///
/// Each element is rounded once. Limited by memory.
public enum ResidualAdd<Instructions: VectorInstructions> {
  @inlinable @inline(__always)
  public static func run(
    _ addend: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, count: Int
  ) {
    let vectorEnd = count - count % Instructions.laneCount
    var index = 0
    while index < vectorEnd {
      let total = Instructions.add(
        Instructions.loadFloats(sum + index), Instructions.loadFloats(addend + index))
      Instructions.store(total, to: sum + index)
      index += Instructions.laneCount
    }
    while index < count {
      sum[index] += addend[index]
      index += 1
    }
  }
}
