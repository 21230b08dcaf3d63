/// Reads the unsigned integers of a generated table.
///
/// A digit is one character of the base-64 alphabet: its low five bits are data, least significant group
/// first, and bit 5 says that another digit follows. A string literal compiles at once and needs no
/// initialization; an array literal of this size has neither property.
struct PackedIntegers {
  private let digits: StaticString
  private var position = 0

  init(_ digits: StaticString) {
    self.digits = digits
  }

  mutating func next() -> Int? {
    guard position < digits.utf8CodeUnitCount else { return nil }
    var value = 0
    var shift = 0
    while true {
      let digit = Self.value(of: digits.utf8Start[position])
      position += 1
      value |= (digit & 31) << shift
      if digit < 32 { return value }
      shift += 5
    }
  }

  private static func value(of character: UInt8) -> Int {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(character) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(character) - 97 + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character) - 48 + 52
    case UInt8(ascii: "+"): 62
    default: 63
    }
  }
}
