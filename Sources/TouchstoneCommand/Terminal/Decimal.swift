/// Numbers for people.
package enum Decimal {
  /// `value` with `digits` digits after the point, right-aligned in `width` columns.
  package static func text(_ value: Double, digits: Int, width: Int = 0) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value * scale).rounded()
    guard scaled.magnitude < 1e15 else { return padded(value.description, to: width) }
    let whole = String(Int64(scaled.magnitude))
    let padding = String(repeating: "0", count: max(0, digits + 1 - whole.count))
    let number = padding + whole
    let point = number.index(number.endIndex, offsetBy: -digits)
    let sign = scaled < 0 ? "-" : ""
    return padded(sign + number[..<point] + (digits > 0 ? "." : "") + number[point...], to: width)
  }

  /// `1234567` as `1,234,567`.
  package static func grouped(_ value: Int) -> String {
    var result = ""
    for (index, digit) in String(value.magnitude).enumerated().reversed() {
      let fromEnd = String(value.magnitude).count - index
      result.append(digit)
      if fromEnd % 3 == 0, index > 0 { result.append(",") }
    }
    return (value < 0 ? "-" : "") + String(result.reversed())
  }

  private static func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }
}
