import Foundation

extension Double {
  static func logarithm10(_ value: Double) -> Double { log10(value) }
}
