/// How far the rows of one tensor are from those of another: for each row `‖a − b‖ / ‖a‖`, in float64.
///
/// A row is a token, so one wrong token among thousands is seen, and a token with large numbers hides none
/// with small ones.
package struct RowErrors: Equatable, Sendable {
  package private(set) var relative: [Double] = []
  /// The first row with a number that is not finite, of either.
  package private(set) var firstNotFinite: Place?

  package struct Place: Equatable, Sendable {
    package let row: Int
    package let column: Int
    /// Whether the first tensor, which is the reference, has such a number there.
    package let isInReference: Bool
  }

  package init() {}

  /// Adds the next rows.
  package mutating func add(_ a: TraceMatrix, _ b: TraceMatrix) {
    precondition(a.rowCount == b.rowCount && a.columnCount == b.columnCount)
    for row in 0..<a.rowCount { addRow(a.row(row), b.row(row)) }
  }

  private mutating func addRow(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) {
    var difference = 0.0
    var length = 0.0
    for (x, y) in zip(a, b) {
      let (x, y) = (Double(x), Double(y))
      difference += (x - y) * (x - y)
      length += x * x
    }
    if difference.isFinite, length.isFinite {
      relative.append(difference == 0 ? 0 : (difference / length).squareRoot())
      return
    }
    if firstNotFinite == nil {
      let inA = a.firstIndex { !$0.isFinite }.map { $0 - a.startIndex }
      let inB = b.firstIndex { !$0.isFinite }.map { $0 - b.startIndex }
      let column = min(inA ?? .max, inB ?? .max)
      firstNotFinite = Place(row: relative.count, column: column, isInReference: inA == column)
    }
    relative.append(.infinity)
  }

  package var largest: Double { relative.max() ?? 0 }
  package var worstRow: Int { relative.indices.max { relative[$0] < relative[$1] } ?? 0 }
  package func rows(above tolerance: Double) -> [Int] { relative.indices.filter { relative[$0] > tolerance } }
}

/// Two digits and a power of ten: `3.1e-07`.
package enum Scientific {
  package static func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : "inf" }
    guard value != 0 else { return "0" }
    var exponent = 0
    var mantissa = abs(value)
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    var tenths = Int((mantissa * 10).rounded())
    if tenths == 100 { (tenths, exponent) = (10, exponent + 1) }
    let sign = value < 0 ? "-" : ""
    let digits = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
    return "\(sign)\(tenths / 10).\(tenths % 10)e\(exponent < 0 ? "-" : "+")\(digits)"
  }
}
