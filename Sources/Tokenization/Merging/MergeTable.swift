/// What each pair of neighboring tokens merges into, and how early: an open-addressing hash table.
///
/// Most lookups find nothing, and what they cost is the cache line of the slot. So a slot is only 32 bits,
/// twelve of the hash above twenty of rank, and the pair itself is compared in the list of merges.
final class MergeTable: Sendable {
  static let tokenLimit = 1 << 22 - 1
  static let mergeLimit = 1 << rankBits - 1

  fileprivate static let rankBits: UInt32 = 20
  fileprivate static let rankMask: UInt32 = 1 << rankBits - 1
  fileprivate static let empty = UInt32.max

  private let slots: FrozenBuffer<UInt32>
  private let merges: FrozenBuffer<Merge>

  /// - Parameter merges: pairs in order of rank; no more than `mergeLimit`, all ids below `tokenLimit`.
  init(_ merges: [Merge]) throws(TokenizationError) {
    let capacity = SpellingIndex.capacity(for: merges.count)
    let hash = PairHash(slotCount: capacity)
    var slots = [UInt32](repeating: Self.empty, count: capacity)
    let duplicate: (Int, Int)? = slots.withUnsafeMutableBufferPointer { slots in
      for (rank, merge) in merges.enumerated() {
        let (start, mark) = hash(merge.left, merge.right)
        var slot = start
        while slots[slot] != Self.empty {
          let other = slots[slot]
          if (other ^ mark) & ~Self.rankMask == 0,
            merges[Int(other & Self.rankMask)].joins(merge.left, merge.right)
          {
            return (Int(other & Self.rankMask), rank)
          }
          slot = (slot + 1) & (capacity - 1)
        }
        slots[slot] = mark | UInt32(rank)
      }
      return nil
    }
    if let duplicate { throw .duplicateMerge(first: duplicate.0, second: duplicate.1) }
    self.slots = FrozenBuffer(slots)
    self.merges = FrozenBuffer(merges)
  }

  /// A view for inner loops; valid while the table lives.
  var lookup: MergeLookup {
    MergeLookup(
      slots: slots.elements.baseAddress!, merges: merges.elements, mask: slots.elements.count - 1,
      hash: PairHash(slotCount: slots.elements.count))
  }
}

/// Two tokens and the token that they make.
struct Merge: BitwiseCopyable {
  var left: UInt32
  var right: UInt32
  var result: UInt32

  @inline(__always)
  func joins(_ left: UInt32, _ right: UInt32) -> Bool {
    self.left == left && self.right == right
  }
}

/// Multiplication by a random odd number; the seed is the one of ``StringHash``.
private struct PairHash: BitwiseCopyable {
  private let multiplier: UInt64
  private let shift: UInt64

  init(slotCount: Int) {
    multiplier = StringHash.seed | 1
    shift = UInt64(64 - slotCount.trailingZeroBitCount)
  }

  /// The first slot to look at, and bits of the hash in the place where a slot has them.
  @inline(__always)
  func callAsFunction(_ left: UInt32, _ right: UInt32) -> (slot: Int, mark: UInt32) {
    let product = (UInt64(left) << 22 | UInt64(right)) &* multiplier
    let mark = UInt32(truncatingIfNeeded: product &>> 14) & ~MergeTable.rankMask
    return (Int(truncatingIfNeeded: product &>> shift), mark)
  }
}

/// Unmanaged view of a ``MergeTable``.
struct MergeLookup: BitwiseCopyable {
  fileprivate let slots: UnsafePointer<UInt32>
  fileprivate let merges: UnsafeBufferPointer<Merge>
  fileprivate let mask: Int
  fileprivate let hash: PairHash

  /// The rank of pairs that do not merge; greater than every other.
  static let noRank = UInt32.max

  /// How early two neighbors merge; 0 is first.
  @inline(__always)
  func rank(_ left: UInt32, _ right: UInt32) -> UInt32 {
    let (start, mark) = hash(left, right)
    var slot = start
    while true {
      let content = slots[slot]
      if content == MergeTable.empty { return Self.noRank }
      let rank = content & MergeTable.rankMask
      if (content ^ mark) &>> MergeTable.rankBits == 0, merges[Int(rank)].joins(left, right) { return rank }
      slot = (slot &+ 1) & mask
    }
  }

  /// The token that the merge of this rank makes.
  @inline(__always)
  func result(ofRank rank: UInt32) -> UInt32 { merges[Int(rank)].result }
}
