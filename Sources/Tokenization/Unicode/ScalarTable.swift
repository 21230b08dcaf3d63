/// One byte for every Unicode scalar, in two stages.
///
/// The first stage maps `scalar / 128` to a block of 128 values. The first 16 blocks are constant, one for
/// each value below 16, and shared; a block is stored of its own only where values differ inside it.
struct ScalarTable: Sendable {
  static let blockSize = 128
  private static let constantBlockCount = 16
  private static let scalarCount = 0x110000

  private(set) var blocks: [UInt16]
  private(set) var values: [UInt8]

  /// Every scalar has the value 0.
  init() {
    blocks = Array(repeating: 0, count: Self.scalarCount / Self.blockSize)
    values = []
    for value in 0..<UInt8(Self.constantBlockCount) {
      values.append(contentsOf: repeatElement(value, count: Self.blockSize))
    }
  }

  @inline(__always)
  subscript(scalar: UInt32) -> UInt8 {
    values[Int(blocks[Int(scalar >> 7)]) << 7 | Int(scalar & 127)]
  }

  /// Gives every scalar of `range` the same value.
  mutating func set(_ range: Range<Int>, to value: UInt8) {
    var start = range.lowerBound
    while start < range.upperBound {
      let block = start / Self.blockSize
      let end = min((block + 1) * Self.blockSize, range.upperBound)
      if end - start == Self.blockSize, Int(value) < Self.constantBlockCount {
        blocks[block] = UInt16(value)
      } else {
        let base = ownBlock(block)
        for scalar in start..<end { values[base + scalar % Self.blockSize] = value }
      }
      start = end
    }
  }

  /// The index in `values` of a block that nobody shares.
  private mutating func ownBlock(_ block: Int) -> Int {
    let base = Int(blocks[block]) * Self.blockSize
    if Int(blocks[block]) >= Self.constantBlockCount { return base }
    let ownBase = values.count
    blocks[block] = UInt16(ownBase / Self.blockSize)
    values.append(contentsOf: values[base..<base + Self.blockSize])
    return ownBase
  }
}

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
