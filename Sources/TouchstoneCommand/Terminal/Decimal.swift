/// Numbers for people.
package enum Decimal {
  /// `value` with `digits` digits after the point, right-aligned in `width` columns.
  package static func text(_ value: Double, digits: Int, width: Int = 0) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value * scale).rounded()
    guard scaled.magnitude < 1e15 else { return DisplayText.rightAligned(value.description, to: width) }
    let whole = String(Int64(scaled.magnitude))
    let padding = String(repeating: "0", count: max(0, digits + 1 - whole.count))
    let number = padding + whole
    let point = number.index(number.endIndex, offsetBy: -digits)
    let sign = scaled < 0 ? "-" : ""
    return DisplayText.rightAligned(
      sign + number[..<point] + (digits > 0 ? "." : "") + number[point...], to: width)
  }

  /// `1234567` as `1,234,567`.
  package static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var result = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result
  }
}
