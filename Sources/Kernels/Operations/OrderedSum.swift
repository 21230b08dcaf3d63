/// A sum over a row whose bits are the same on every processor: 16 partial sums, element `i` added to partial
/// `i % 16` in index order, then the partials added as a fixed tree (`i` and `i + 8`, then 4, 2, 1).
///
/// The split is a definition, not the width of a vector.
public enum OrderedSum<Instructions: VectorInstructions> {
  @usableFromInline static var partialCount: Int { 16 }

  /// `Σ values[i]²`
  @inlinable @inline(__always)
  public static func ofSquares(_ values: UnsafePointer<Float>, count: Int) -> Float {
    ofProducts(values, values, count: count)
  }

  /// `Σ a[i] · b[i]`, each product added with one rounding.
  @inlinable @inline(__always)
  public static func ofProducts(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: partialCount) { partials in
      let partials = partials.baseAddress.unsafelyUnwrapped
      let end = count - count % partialCount
      var lane = 0
      while lane < partialCount {
        var sum = Instructions.splat(Float(0))
        var index = lane
        while index < end {
          sum = Instructions.multiplyAdd(
            Instructions.loadFloats(a + index), Instructions.loadFloats(b + index), sum)
          index += partialCount
        }
        Instructions.store(sum, to: partials + lane)
        lane += Instructions.laneCount
      }
      var index = end
      while index < count {
        partials[index - end] = partials[index - end].addingProduct(a[index], b[index])
        index += 1
      }
      return tree(partials)
    }
  }

  @inlinable @inline(__always)
  static func tree(_ partials: UnsafeMutablePointer<Float>) -> Float {
    var width = partialCount / 2
    while width > 0 {
      var index = 0
      while index < width {
        partials[index] += partials[index + width]
        index += 1
      }
      width /= 2
    }
    return partials[0]
  }
}
