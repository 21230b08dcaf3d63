/// How facts are spelled in messages.
enum Wording {
  /// `1179648` as `1,179,648`.
  static func grouped(_ number: some BinaryInteger) -> String {
    let digits = String(number.magnitude)
    var grouped = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { grouped += "," }
      grouped.append(digit)
    }
    return grouped
  }

  /// `1 byte`, `2 bytes`.
  static func count(_ number: some BinaryInteger, _ noun: String) -> String {
    grouped(number) + " " + noun + (number == 1 ? "" : "s")
  }

  /// A shape as `[32768, 256]`, outermost dimension first.
  static func shape(_ shape: [some BinaryInteger]) -> String {
    "[" + shape.map { String($0) }.joined(separator: ", ") + "]"
  }
}
