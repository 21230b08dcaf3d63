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
