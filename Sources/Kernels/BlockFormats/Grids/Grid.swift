/// Points of four or eight small integers: an index in a block of an IQ1, IQ2 or IQ3 format stands for one of
/// them.
///
/// ``GridDigits`` has the points as they are published. Here they are bytes, made once when a format is first
/// used.
@usableFromInline
struct Grid: @unchecked Sendable {
  /// [points][4 or 8 coordinates] Int8, as words of four. Nobody writes to it.
  @usableFromInline let words: UnsafePointer<Int32>

  /// - Parameters:
  ///   - digits: hexadecimal; two or four bits a coordinate.
  ///   - levels: the integer that each value of these bits stands for.
  private init(_ digits: StaticString, bits: UInt8, levels: [Int8]) {
    let values = digits.withUTF8Buffer { Array($0) }.map(Self.value(ofDigit:))
    let mask: UInt8 = (1 << bits) - 1
    var coordinates: [UInt8] = []
    for index in stride(from: 0, to: values.count, by: 2) {
      let byte: UInt8 = values[index] << 4 | values[index + 1]
      for shift in stride(from: 0, to: 8, by: Int(bits)) {
        coordinates.append(UInt8(bitPattern: levels[Int(byte >> UInt8(shift) & mask)]))
      }
    }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: coordinates.count, alignment: 64)
    memory.copyBytes(from: coordinates)
    words = UnsafePointer(memory.bindMemory(to: Int32.self).baseAddress.unsafelyUnwrapped)
  }

  private static func value(ofDigit digit: UInt8) -> UInt8 {
    digit < UInt8(ascii: "a") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
  }

  /// The eight coordinates of a point, the first in the lowest byte.
  @inlinable @inline(__always)
  func point(_ index: UInt32) -> UInt64 {
    UnsafeRawPointer(words).load(fromByteOffset: Int(index) &* 8, as: UInt64.self)
  }

  /// The coordinates of two points of four, the first in the lowest byte.
  @inlinable @inline(__always)
  func twoPoints(_ first: UInt32, _ second: UInt32) -> UInt64 {
    let (low, high) = (words[Int(first)], words[Int(second)])
    return UInt64(UInt32(bitPattern: low)) | UInt64(UInt32(bitPattern: high)) &<< 32
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
extension Grid {
  /// Eight times the coordinates: these and the shift of an eighth that a block adds are whole numbers.
  @usableFromInline static let iq1 = Grid(GridDigits.iq1, bits: 2, levels: [-8, 0, 8])
  @usableFromInline static let iq2_xxs = Grid(GridDigits.iq2_xxs, bits: 2, levels: iq2Levels)
  @usableFromInline static let iq2_xs = Grid(GridDigits.iq2_xs, bits: 2, levels: iq2Levels)
  @usableFromInline static let iq2_s = Grid(GridDigits.iq2_s, bits: 2, levels: iq2Levels)
  /// Half of the coordinates: all are even, and half of them fit where weights within −32…32 are faster.
  @usableFromInline static let iq3_xxs = Grid(
    GridDigits.iq3_xxs, bits: 4, levels: [2, 6, 10, 14, 18, 22, 26, 31])
  @usableFromInline static let iq3_s = Grid(GridDigits.iq3_s, bits: 4, levels: [1, 3, 5, 7, 9, 11, 13, 15])

  private static let iq2Levels: [Int8] = [8, 25, 43]
}
