/// A vector as the store keeps it: bytes and a scale. The same bits on every processor.
package struct QuantizedVector: Sendable, Equatable {
  package var values: [Int8]
  /// A component is its byte times this.
  package var scale: Float

  /// The largest component becomes ±127; halves are rounded to even.
  package init(_ vector: [Float]) {
    let largest = vector.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else {
      (values, scale) = (Array(repeating: 0, count: vector.count), 0)
      return
    }
    let scale = largest / 127
    self.scale = scale
    values = vector.map { Int8(max(-127, min(127, ($0 / scale).rounded(.toNearestOrEven)))) }
  }
}

/// A query with 14 bits and a sign: rounding it costs nothing that the rows' bytes have not cost already.
package struct QueryVector: Sendable, Equatable {
  package var values: [Int16]
  package var scale: Float

  package init(_ vector: [Float]) {
    let largest = vector.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else {
      (values, scale) = (Array(repeating: 0, count: vector.count), 0)
      return
    }
    let scale = largest / 16_383
    self.scale = scale
    values = vector.map { Int16(max(-16_383, min(16_383, ($0 / scale).rounded(.toNearestOrEven)))) }
  }

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
