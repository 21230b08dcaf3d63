/// A scale of powers of ten for 1 − cos, from 1e-16 to 2.
struct LogarithmicAxis {
  static let exponents = -16...1
  let left: Double
  let width: Double

  /// Values below the scale stand at its left end.
  func x(_ value: Double) -> Double {
    let exponent = min(max(Double.logarithm10(max(value, 1e-16)), -16), 1)
    return left + width * (exponent + 16) / 17
  }

  /// Lines and labels between two heights.
  func svg(top: Double, bottom: Double) -> String {
    stride(from: -16, through: 0, by: 4).map { exponent in
      let x = Self.text(left + width * Double(exponent + 16) / 17)
      let label = exponent == 0 ? "1" : "1e\(exponent)"
      return
        "<line class=\"grid\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(Self.text(top))\" y2=\"\(Self.text(bottom))\"/>"
        + "<text class=\"tick\" x=\"\(x)\" y=\"\(Self.text(bottom + 16))\" text-anchor=\"middle\">\(label)</text>"
    }.joined()
  }

  /// A coordinate with one decimal.
  static func text(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
