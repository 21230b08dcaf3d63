/// A scale of powers of ten, from the power below the smallest value that is plotted to the one above the
/// largest.
struct LogarithmicAxis {
  /// The powers of ten at both ends.
  let exponents: ClosedRange<Int>
  let left: Double
  let width: Double

  /// What float32 can tell apart: a step of its 24 bits moves a component by 6e-8 of itself, and 1 − cos by
  /// the square of that.
  private static let resolution = -15
  /// Powers of ten that a scale has at least, so that what is alike does not look far apart.
  private static let leastCount = 4
  /// Labels have room beside one another.
  private static let labelLimit = 9

  init(_ values: [Double], left: Double, width: Double) {
    self.left = left
    self.width = width
    let logarithms = values.filter { $0 > 0 && $0.isFinite }.map(Double.logarithm10)
    let highest = Int((logarithms.max() ?? 0).rounded(.up))
    let lowest = Int((logarithms.min() ?? 0).rounded(.down))
    let upper = max(highest, Self.resolution + Self.leastCount)
    exponents = max(Self.resolution, min(lowest, upper - Self.leastCount))...upper
  }

  /// Values below the scale, and 0, stand at its left end.
  func x(_ value: Double) -> Double {
    let (low, high) = (Double(exponents.lowerBound), Double(exponents.upperBound))
    let exponent = value > 0 ? min(max(Double.logarithm10(value), low), high) : low
    return left + width * (exponent - low) / (high - low)
  }

  /// Lines and labels between two heights.
  func svg(top: Double, bottom: Double) -> String {
    let step = (exponents.count + Self.labelLimit - 1) / Self.labelLimit
    return exponents.filter { $0 % step == 0 }.map { exponent in
      let part = Double(exponent - exponents.lowerBound) / Double(exponents.count - 1)
      let x = Self.text(left + width * part)
      return
        "<line class=\"grid\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(Self.text(top))\" y2=\"\(Self.text(bottom))\"/>"
        + "<text class=\"tick\" x=\"\(x)\" y=\"\(Self.text(bottom + 16))\" text-anchor=\"middle\">\(Self.label(exponent))</text>"
    }.joined()
  }

  private static func label(_ exponent: Int) -> String {
    switch exponent {
    case 0: "1"
    case 1: "10"
    case -1: "0.1"
    default: "1e\(exponent)"
    }
  }

  /// A coordinate with one decimal.
  static func text(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
