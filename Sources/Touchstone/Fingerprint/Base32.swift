/// Crockford's base 32 in lower case: no i, l, o and u, which are easily misread.
enum Base32 {
  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz")

  /// The first bits of `bytes`, five to a digit.
  static func text(_ bytes: [UInt8], digitCount: Int) -> String {
    String(
      (0..<digitCount).map { index in
        digits[(0..<5).reduce(0) { $0 << 1 | bit(5 * index + $1, of: bytes) }]
      })
  }

  private static func bit(_ index: Int, of bytes: [UInt8]) -> Int {
    Int(bytes[index / 8] >> (7 - index % 8)) & 1
  }
}
