import CRowProducts

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

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
  package static let dot: RowProduct = products.last!.function

  /// Every form that this processor and `TOUCHSTONE_CPU` allow, by its name, fastest last.
  package static let products: [(name: String, function: RowProduct)] = {
    let names = ["portable", "avx2", "avx512"]
    // The limit of the engine's kernels: avxvnni has no 512 bits.
    let limit =
      switch getenv("TOUCHSTONE_CPU").map({ String(cString: $0) }) {
      case "portable": 0
      case "avx2", "avxvnni": 1
      default: 2
      }
    return names.enumerated().prefix(limit + 1).compactMap { form, name in
      rowProduct(Int32(form)).map { (name, $0) }
    }
  }()
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
