/// The largest of `count` numbers, a multiple of 16. Exact, so its order does not matter.
public enum RowMaximum<Instructions: VectorInstructions> {
  @inlinable @inline(__always)
  public static func run(_ values: UnsafePointer<Float>, count: Int) -> Float {
    typealias I = Instructions
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: 16) { lanes in
      let lanes = lanes.baseAddress.unsafelyUnwrapped
      var largest = I.loadFloats(values)
      var index = I.laneCount
      while index < count {
        largest = I.maximum(largest, I.loadFloats(values + index))
        index += I.laneCount
      }
      I.store(largest, to: lanes)
      var result = lanes[0]
      var lane = 1
      while lane < I.laneCount {
        result = max(result, lanes[lane])
        lane += 1
      }
      return result
    }
  }
}
