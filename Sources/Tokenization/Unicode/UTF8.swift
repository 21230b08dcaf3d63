/// One Unicode scalar and the bytes it takes.
struct DecodedScalar {
  var value: UInt32
  var length: Int
}

extension UnsafeBufferPointer<UInt8> {
  /// Decodes the scalar at `position` of well-formed UTF-8.
  ///
  /// - Requires: `position` is the first byte of a scalar; the whole buffer is well-formed.
  @inline(__always)
  func scalar(at position: Int) -> DecodedScalar {
    let first = UInt32(self[position])
    if first < 0x80 { return DecodedScalar(value: first, length: 1) }
    let second = UInt32(self[position + 1]) & 0x3F
    if first < 0xE0 { return DecodedScalar(value: (first & 0x1F) << 6 | second, length: 2) }
    let third = UInt32(self[position + 2]) & 0x3F
    if first < 0xF0 {
      return DecodedScalar(value: (first & 0x0F) << 12 | second << 6 | third, length: 3)
    }
    let fourth = UInt32(self[position + 3]) & 0x3F
    return DecodedScalar(
      value: (first & 0x07) << 18 | second << 12 | third << 6 | fourth, length: 4)
  }
}

extension [UInt8] {
  /// Appends a scalar as UTF-8.
  mutating func appendScalar(_ value: UInt32) {
    switch value {
    case ..<0x80:
      append(UInt8(value))
    case ..<0x800:
      append(UInt8(0xC0 | value >> 6))
      append(UInt8(0x80 | value & 0x3F))
    case ..<0x10000:
      append(UInt8(0xE0 | value >> 12))
      append(UInt8(0x80 | value >> 6 & 0x3F))
      append(UInt8(0x80 | value & 0x3F))
    default:
      append(UInt8(0xF0 | value >> 18))
      append(UInt8(0x80 | value >> 12 & 0x3F))
      append(UInt8(0x80 | value >> 6 & 0x3F))
      append(UInt8(0x80 | value & 0x3F))
    }
  }
}

/// Repairs bytes that are not well-formed UTF-8.
///
/// Each maximal part of an ill-formed sequence becomes one U+FFFD, as the Unicode Standard (section 3.9)
/// recommends and as Swift, Rust and Python do.
enum UTF8Repair {
  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// - Returns: the repaired text and what was replaced, or nil when the bytes are well-formed.
  static func repair(_ bytes: UnsafeBufferPointer<UInt8>) -> (text: [UInt8], changes: [PositionChange])? {
    var position = 0
    while position < bytes.count, let length = wellFormedLength(bytes, position) { position += length }
    if position == bytes.count { return nil }

    var text = Array(bytes[..<position])
    var changes: [PositionChange] = []
    while position < bytes.count {
      if let length = wellFormedLength(bytes, position) {
        text.append(contentsOf: bytes[position..<position + length])
        position += length
      } else {
        let end = position + illFormedLength(bytes, position)
        changes.append(
          PositionChange(original: position..<end, changed: text.count..<text.count + replacement.count))
        text.append(contentsOf: replacement)
        position = end
      }
    }
    return (text, changes)
  }

  /// The length of the well-formed sequence at `position`, if there is one.
  @inline(__always)
  private static func wellFormedLength(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int? {
    let first = bytes[position]
    if first < 0x80 { return 1 }
    let length = expectedLength(first)
    return length > 0 && prefixLength(bytes, position, length) == length ? length : nil
  }

  private static func illFormedLength(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int {
    let length = expectedLength(bytes[position])
    return length == 0 ? 1 : prefixLength(bytes, position, length)
  }

  /// The length that a first byte announces; 0 for a byte that begins nothing.
  private static func expectedLength(_ first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 0
    }
  }

  /// How many of the announced bytes are there and allowed in their place.
  private static func prefixLength(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: Int, _ length: Int
  ) -> Int {
    let second: ClosedRange<UInt8> =
      switch bytes[position] {
      case 0xE0: 0xA0...0xBF  // no longer than needed
      case 0xED: 0x80...0x9F  // no surrogates
      case 0xF0: 0x90...0xBF  // no longer than needed
      case 0xF4: 0x80...0x8F  // nothing above U+10FFFF
      default: 0x80...0xBF
      }
    var count = 1
    while count < length, position + count < bytes.count,
      (count == 1 ? second : 0x80...0xBF).contains(bytes[position + count])
    {
      count += 1
    }
    return count
  }
}
