/// Hangul syllables compose and decompose by arithmetic (Unicode Standard, section 3.12).
enum Hangul {
  private static let syllableBase: UInt32 = 0xAC00
  private static let leadingBase: UInt32 = 0x1100
  private static let vowelBase: UInt32 = 0x1161
  private static let trailingBase: UInt32 = 0x11A7
  private static let leadingCount: UInt32 = 19
  private static let vowelCount: UInt32 = 21
  /// Includes the absent one: `trailingBase` itself is no trailing consonant.
  private static let trailingCount: UInt32 = 28
  private static let syllableCount = leadingCount * vowelCount * trailingCount

  /// The letters that join what precedes them.
  static let joiningVowels = Array(vowelBase..<vowelBase + vowelCount)
  static let joiningTrailing = Array(trailingBase + 1..<trailingBase + trailingCount)

  /// The letters of a syllable; `trailing` is 0 where there is none.
  static func decomposition(of scalar: UInt32) -> (leading: UInt32, vowel: UInt32, trailing: UInt32)? {
    guard scalar >= syllableBase, scalar < syllableBase + syllableCount else { return nil }
    let index = scalar - syllableBase
    let trailing = index % trailingCount
    return (
      leadingBase + index / (vowelCount * trailingCount),
      vowelBase + index / trailingCount % vowelCount,
      trailing == 0 ? 0 : trailingBase + trailing
    )
  }

  /// A leading consonant with a vowel, or a syllable without a trailing consonant with one.
  static func composition(of first: UInt32, _ second: UInt32) -> UInt32? {
    if first >= leadingBase, first < leadingBase + leadingCount,
      second >= vowelBase, second < vowelBase + vowelCount
    {
      let pair = (first - leadingBase) * vowelCount + (second - vowelBase)
      return syllableBase + pair * trailingCount
    }
    if first >= syllableBase, first < syllableBase + syllableCount,
      (first - syllableBase) % trailingCount == 0,
      second > trailingBase, second < trailingBase + trailingCount
    {
      return first + (second - trailingBase)
    }
    return nil
  }
}
