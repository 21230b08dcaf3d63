/// How early a merge may reach across the boundary of a character before the character is whole.
///
/// Bytes that make a character nearly always merge with each other first, and the result for one character
/// can be remembered. That is exact only as long as no byte of it merges with a neighbor before. So for
/// each last byte of one character and first byte of the next there is the lowest rank of a merge that joins
/// tokens across such a boundary and holds only part of the character on one side or the other.
struct CharacterBoundaries: Sendable {
  private let ranks: FrozenBuffer<UInt32>

  /// - Parameters:
  ///   - bytes: the bytes of all tokens; `offsets` says which are whose.
  init(merges: [Merge], bytes: UnsafeBufferPointer<UInt8>, offsets: UnsafeBufferPointer<Int>) {
    var ranks = [UInt32](repeating: .max, count: 1 << 16)
    for (rank, merge) in merges.enumerated() {
      let left = offsets[Int(merge.left)]..<offsets[Int(merge.left) + 1]
      let right = offsets[Int(merge.right)]..<offsets[Int(merge.right) + 1]
      let result = offsets[Int(merge.result)]..<offsets[Int(merge.result) + 1]
      guard left.count + right.count == result.count, !left.isEmpty, !right.isEmpty else {
        // An added token is spelled otherwise than the bytes that merge into it. Then its bytes say
        // nothing, and no character may be merged ahead of time.
        self.ranks = FrozenBuffer(repeatElement(0, count: 1 << 16))
        return
      }
      let first = bytes[right.lowerBound]
      let last = bytes[left.upperBound - 1]
      if first < 0x80 && last < 0x80 || first & 0xC0 == 0x80 { continue }
      if Self.endsWhole(bytes, left), Self.beginsWhole(bytes, right) { continue }
      let index = Int(last) << 8 | Int(first)
      ranks[index] = min(ranks[index], UInt32(rank))
    }
    self.ranks = FrozenBuffer(ranks)
  }

  /// For an index `last byte << 8 | first byte` the lowest such rank.
  var lowestRanks: UnsafePointer<UInt32> { ranks.elements.baseAddress! }

  private static func beginsWhole(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    range.count >= length(bytes[range.lowerBound])
  }

  private static func endsWhole(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    var start = range.upperBound - 1
    while start > range.lowerBound, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return length(bytes[start]) == range.upperBound - start
  }

  /// The length of the character that a byte begins; 0 for a byte that begins none.
  private static func length(_ byte: UInt8) -> Int {
    switch byte {
    case ..<0x80: 1
    case ..<0xC0: 0
    case ..<0xE0: 2
    case ..<0xF0: 3
    default: 4
    }
  }
}
