/// Combining classes, canonical decompositions and compositions (Unicode Standard Annex 15), without the
/// arithmetic of ``Hangul``.
struct CanonicalData: Sendable {
  static let shared = CanonicalData()

  private let combiningClasses: ScalarTable
  let combiningRanges: [Range<Int>]

  /// Sorted scalars that decompose, and beside each its parts; the second part is 0 for a singleton.
  private let decomposing: [UInt32]
  private let parts: [(first: UInt32, second: UInt32)]

  /// Sorted pairs that compose, `first << 32 | second`, and beside each the result.
  private let composingPairs: [UInt64]
  private let composed: [UInt32]

  private init() {
    var classes = ScalarTable()
    var ranges: [Range<Int>] = []
    var packed = PackedIntegers(UnicodeTables.combiningClasses)
    var end = 0
    while let gap = packed.next(), let length = packed.next(), let value = packed.next() {
      let range = end + gap..<end + gap + length
      classes.set(range, to: UInt8(value))
      ranges.append(range)
      end = range.upperBound
    }
    combiningClasses = classes
    combiningRanges = ranges

    var decomposing: [UInt32] = []
    var parts: [(first: UInt32, second: UInt32)] = []
    var compositions: [(pair: UInt64, scalar: UInt32)] = []
    packed = PackedIntegers(UnicodeTables.decompositions)
    var scalar: UInt32 = 0
    while let gap = packed.next(), let kind = packed.next(), let first = packed.next() {
      scalar += UInt32(gap)
      let second = kind == 0 ? 0 : packed.next() ?? 0
      decomposing.append(scalar)
      parts.append((UInt32(first), UInt32(second)))
      if kind == 2 { compositions.append((UInt64(first) << 32 | UInt64(second), scalar)) }
    }
    compositions.sort { $0.pair < $1.pair }
    self.decomposing = decomposing
    self.parts = parts
    composingPairs = compositions.map { $0.pair }
    composed = compositions.map { $0.scalar }
  }

  /// The canonical combining class; 0 for a starter.
  func combiningClass(_ scalar: UInt32) -> UInt8 {
    combiningClasses[scalar]
  }

  /// Appends the full canonical decomposition of `scalar`.
  func appendDecomposition(of scalar: UInt32, to output: inout [UInt32]) {
    if let syllable = Hangul.decomposition(of: scalar) {
      output.append(syllable.leading)
      output.append(syllable.vowel)
      if syllable.trailing != 0 { output.append(syllable.trailing) }
    } else if let index = decomposing.sortedIndex(of: scalar) {
      appendDecomposition(of: parts[index].first, to: &output)
      if parts[index].second != 0 { appendDecomposition(of: parts[index].second, to: &output) }
    } else {
      output.append(scalar)
    }
  }

  /// The primary composite of two scalars.
  func composition(of first: UInt32, _ second: UInt32) -> UInt32? {
    if let syllable = Hangul.composition(of: first, second) { return syllable }
    guard let index = composingPairs.sortedIndex(of: UInt64(first) << 32 | UInt64(second)) else { return nil }
    return composed[index]
  }

  /// The scalars that may change in NFC or join what precedes them: those whose normal form is another,
  /// the second of every pair that composes, and composites that begin with such a one.
  var unstableScalars: [UInt32] {
    let seconds = composingPairs.map { UInt32(truncatingIfNeeded: $0) }.sorted()
    let composites = composed.sorted()
    var unstable = seconds + Hangul.joiningVowels + Hangul.joiningTrailing
    for (index, scalar) in decomposing.enumerated() {
      let isComposite = composites.sortedIndex(of: scalar) != nil
      if !isComposite || seconds.sortedIndex(of: parts[index].first) != nil { unstable.append(scalar) }
    }
    return unstable
  }
}

extension Array where Element: Comparable {
  /// The index of `value` in this sorted array.
  func sortedIndex(of value: Element) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == value ? low : nil
  }
}
