/// A hash of short byte strings, by folded multiplication of eight bytes at a time.
///
/// The seed is drawn once a process, so that no vocabulary can be made to collide on purpose. Nothing that
/// anyone can see depends on it.
struct StringHash {
  static let seed = UInt64.random(in: .min ... .max)

  private let seed = StringHash.seed

  /// - Requires: `TokenStrings.padding` readable bytes after the string.
  @inline(__always)
  func callAsFunction(_ start: UnsafePointer<UInt8>, count: Int) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: count)
    var position = 0
    while position < count {
      var word = UnsafeRawPointer(start + position).loadUnaligned(as: UInt64.self)
      let left = count - position
      if left < 8 { word &= (1 << UInt64(left * 8)) - 1 }
      hash = Self.fold(hash ^ word, 0x9E37_79B9_7F4A_7C15)
      position += 8
    }
    return Self.fold(hash ^ seed, 0xD6E8_FEB8_6659_FD93)
  }

  /// The two halves of a 128-bit product, one over the other.
  @inline(__always)
  static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
