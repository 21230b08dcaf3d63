/// Logarithm, exponential, sine and cosine in float64 from additions, products and divisions alone, which
/// IEEE 754 fixes: the same bits on every processor and with every C library. Errors are below 4 units in the
/// last place.
package enum DoubleMath {
  /// The natural logarithm of a positive, finite, normal number: `x = m·2ᵏ`, `√½ ≤ m < √2`,
  /// `ln m = 2·artanh((m − 1) / (m + 1))` by its series.
  static func logarithm(_ x: Double) -> Double {
    var exponent = x.exponent
    var significand = x.significand
    if significand > 2.0.squareRoot() {
      significand /= 2
      exponent += 1
    }
    let s = (significand - 1) / (significand + 1)
    let square = s * s
    var series = 0.0
    for term in stride(from: 23, through: 1, by: -2) { series = series * square + 1 / Double(term) }
    return Double(exponent) * ln2High + (Double(exponent) * ln2Low + 2 * s * series)
  }

  /// `eˣ` for `|x| < 700`: `x = n·ln 2 + r`, Taylor's series for `eʳ`.
  package static func exponential(_ x: Double) -> Double {
    let n = (x / (ln2High + ln2Low)).rounded()
    let r = (x - n * ln2High) - n * ln2Low
    var series = 1.0
    for term in stride(from: 15, through: 1, by: -1) { series = 1 + series * r / Double(term) }
    return Double(sign: .plus, exponent: Int(n), significand: series)
  }

  /// The sine and cosine of an angle below 2²⁰: reduced to `|r| ≤ π/4` by a multiple of π/2 in three parts,
  /// of which the first two have so few bits that their products with the multiple are exact; Taylor's
  /// series.
  static func sineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) {
    let n = (angle * 0.636619772367581343).rounded()
    let r = ((angle - n * halfPiHigh) - n * halfPiMiddle) - n * halfPiLow
    let square = r * r
    var sine = 1.0
    for term in stride(from: 18, through: 2, by: -2) { sine = 1 - sine * square / Double(term * (term + 1)) }
    sine *= r
    var cosine = 1.0
    for term in stride(from: 19, through: 1, by: -2) {
      cosine = 1 - cosine * square / Double(term * (term + 1))
    }
    switch Int(n) & 3 {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    default: return (-cosine, sine)
    }
  }

  // ln 2 and π/2 cut after 33 bits; the last part of each carries the rest.
  private static let ln2High = 0x1.62e42feep-1
  private static let ln2Low = 0x1.a39ef35793c76p-33
  private static let halfPiHigh = 0x1.921fb544p0
  private static let halfPiMiddle = 0x1.0b4611a6p-34
  private static let halfPiLow = 0x1.3198a2e037073p-69
}
