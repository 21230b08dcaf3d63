/// A vector as the store keeps it: bytes and a scale. The same bits on every processor.
package struct QuantizedVector: Sendable, Equatable {
  package var values: [Int8]
  /// A component is its byte times this.
  package var scale: Float

  /// The largest component becomes ±127; halves are rounded to even.
  package init(_ vector: [Float]) { (values, scale) = rounded(vector, largest: 127) }
}

/// A query with 14 bits and a sign: rounding it costs nothing that the rows' bytes have not cost already.
package struct QueryVector: Sendable, Equatable {
  package var values: [Int16]
  package var scale: Float

  /// The largest component becomes ±16,383.
  package init(_ vector: [Float]) { (values, scale) = rounded(vector, largest: 16_383) }

  /// The exact sum of products of integers; no order of summing changes it.
  ///
  /// - Parameter row: `values.count` bytes.
  @inline(__always)
  static func dot(_ query: UnsafePointer<Int16>, _ row: UnsafePointer<Int8>, _ count: Int) -> Int64 {
    var total: Int64 = 0
    var start = 0
    while start < count {
      // 512 products of 127 and 16,383 stay below 2³¹.
      let end = min(start + 512, count)
      var sum: Int32 = 0
      for index in start..<end { sum &+= Int32(row[index]) &* Int32(query[index]) }
      total &+= Int64(sum)
      start = end
    }
    return total
  }
}

/// The components of `vector` as integers and the scale that gives them back. The largest becomes ±`bound`;
/// halves are rounded to even.
private func rounded<Value: FixedWidthInteger & SignedInteger>(
  _ vector: [Float], largest bound: Float
) -> (values: [Value], scale: Float) {
  let largest = vector.reduce(0) { max($0, abs($1)) }
  guard largest > 0 else { return (Array(repeating: 0, count: vector.count), 0) }
  let scale = largest / bound
  return (vector.map { Value(max(-bound, min(bound, ($0 / scale).rounded(.toNearestOrEven)))) }, scale)
}
