/// Numbers and texts in pages.
enum Figures {
  /// With so many digits behind the point.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((value.magnitude * scale).rounded())
    let text = String(scaled)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    let sign = value < 0 && scaled > 0 ? "−" : ""
    return sign + padded.dropLast(digits) + (digits > 0 ? "." : "") + padded.suffix(digits)
  }

  /// A place in a picture.
  static func place(_ value: Double) -> String { fixed(value, 1).replacingMinus }

  static func percent(_ share: Double) -> String { fixed(share * 100, share < 0.1 ? 1 : 0) + " %" }

  /// Three digits for a length, fewer for a large one.
  static func length(_ value: Double) -> String { fixed(value, value < 10 ? 2 : value < 1000 ? 1 : 0) }

  static func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + fixed(value, 4) }

  /// `1.4 · 10⁻⁵`; 0 for less than rounding leaves.
  static func distance(_ value: Double) -> String {
    guard value > 1e-16 else { return "0" }
    guard value < 0.001 else { return fixed(value, 4) }
    var (mantissa, exponent) = (value, 0)
    while mantissa < 0.995 {
      mantissa *= 10
      exponent += 1
    }
    let digits = String(exponent).map { String(Array("⁰¹²³⁴⁵⁶⁷⁸⁹")[$0.wholeNumberValue ?? 0]) }.joined()
    return "\(fixed(mantissa, 1)) · 10⁻\(digits)"
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }

  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

extension String {
  /// As SVG wants it.
  fileprivate var replacingMinus: String { replacing("−", with: "-") }
}
