/// What each pair of neighbouring tokens merges into, and how early: an open-addressing hash table.
final class MergeTable: Sendable {
  /// All ones where nothing is stored, else left id (22 bits), right id (22 bits), rank (20 bits).
  private let slots: FrozenBuffer<UInt64>
  private let results: FrozenBuffer<UInt32>
  private let multiplier: UInt64

  static let tokenLimit = 1 << 22 - 1
  static let mergeLimit = 1 << 20

  /// - Parameter merges: pairs in order of rank, all ids below `tokenLimit`.
  init(_ merges: [Merge]) throws(TokenizationError) {
    let capacity = SpellingIndex.capacity(for: merges.count)
    let multiplier = StringHash.seed | 1
    let shift = UInt64(64 - capacity.trailingZeroBitCount)
    var slots = [UInt64](repeating: .max, count: capacity)
    let duplicate: (Int, Int)? = slots.withUnsafeMutableBufferPointer { slots in
      for (rank, merge) in merges.enumerated() {
        let pair = UInt64(merge.left) << 22 | UInt64(merge.right)
        var slot = Int(truncatingIfNeeded: (pair &* multiplier) >> shift)
        while slots[slot] != .max {
          if slots[slot] >> 20 == pair { return (Int(slots[slot] & 0xFFFFF), rank) }
          slot = (slot + 1) & (capacity - 1)
        }
        slots[slot] = pair << 20 | UInt64(rank)
      }
      return nil
    }
    if let duplicate { throw .duplicateMerge(first: duplicate.0, second: duplicate.1) }
    self.slots = FrozenBuffer(slots)
    self.results = FrozenBuffer(merges.lazy.map(\.result))
    self.multiplier = multiplier
  }

  /// A view for inner loops; valid while the table lives.
  var lookup: MergeLookup {
    MergeLookup(
      slots: slots.elements.baseAddress!, mask: slots.elements.count - 1,
      shift: UInt64(64 - slots.elements.count.trailingZeroBitCount),
      multiplier: multiplier, results: results.elements)
  }
}

/// Two tokens and the token that they make.
struct Merge: BitwiseCopyable {
  var left: UInt32
  var right: UInt32
  var result: UInt32
}

/// Unmanaged view of a ``MergeTable``.
struct MergeLookup: BitwiseCopyable {
  fileprivate let slots: UnsafePointer<UInt64>
  fileprivate let mask: Int
  fileprivate let shift: UInt64
  fileprivate let multiplier: UInt64
  fileprivate let results: UnsafeBufferPointer<UInt32>

  /// The rank of pairs that do not merge; greater than every other.
  static let noRank = UInt32.max

  /// How early two neighbours merge; 0 is first.
  @inline(__always)
  func rank(_ left: UInt32, _ right: UInt32) -> UInt32 {
    let pair = UInt64(left) << 22 | UInt64(right)
    var slot = Int(truncatingIfNeeded: (pair &* multiplier) &>> shift)
    while true {
      let content = slots[slot]
      if content >> 20 == pair { return UInt32(truncatingIfNeeded: content & 0xFFFFF) }
      if content == .max { return Self.noRank }
      slot = (slot + 1) & mask
    }
  }

  /// The token that the merge of this rank makes.
  @inline(__always)
  func result(ofRank rank: UInt32) -> UInt32 { results[Int(rank)] }
}
