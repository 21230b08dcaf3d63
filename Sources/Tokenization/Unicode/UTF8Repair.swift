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
