/// Merges a piece of any length in O(n log n): a linked list of tokens and a heap of pairs that merge,
/// ordered by rank and then by position.
struct LongPieceMerger {
  private static let end = Int.max
  private static let positionBits: UInt64 = 44

  private var next: [Int] = []
  private var previous: [Int] = []
  /// Rank above position. An entry whose pair has changed since is skipped when it comes up.
  private var heap: [UInt64] = []

  /// Merges tokens in place.
  ///
  /// - Parameter tokens: the tokens of the piece's bytes, at least one; receives the result at its front.
  /// - Returns: the number of tokens left.
  mutating func merge(
    _ tokens: UnsafeMutablePointer<TokenID>, count: Int, lookup: MergeLookup
  ) -> Int {
    next = Array(1..<count) + [Self.end]
    previous = [Self.end] + Array(0..<count - 1)
    heap.removeAll(keepingCapacity: true)
    for position in 0..<count - 1 {
      let rank = lookup.rank(tokens[position], tokens[position + 1])
      if rank != MergeLookup.noRank { heap.append(Self.entry(rank, position)) }
    }
    for index in (0..<heap.count / 2).reversed() { siftDown(index) }

    while let entry = popLowest() {
      let rank = UInt32(truncatingIfNeeded: entry >> Self.positionBits)
      let position = Int(entry & (1 << Self.positionBits - 1))
      let right = next[position]
      guard right != Self.end, previous[position] != position,
        lookup.rank(tokens[position], tokens[right]) == rank
      else { continue }

      tokens[position] = lookup.result(ofRank: rank)
      let afterRight = next[right]
      next[position] = afterRight
      // A token that was merged away points at itself.
      previous[right] = right
      next[right] = Self.end
      if afterRight != Self.end {
        previous[afterRight] = position
        push(lookup.rank(tokens[position], tokens[afterRight]), position)
      }
      let left = previous[position]
      if left != Self.end { push(lookup.rank(tokens[left], tokens[position]), left) }
    }

    var mergedCount = 0
    var position = 0
    while position != Self.end {
      tokens[mergedCount] = tokens[position]
      mergedCount += 1
      position = next[position]
    }
    releaseLargeBuffers()
    return mergedCount
  }

  private static func entry(_ rank: UInt32, _ position: Int) -> UInt64 {
    UInt64(rank) << positionBits | UInt64(position)
  }

  private mutating func push(_ rank: UInt32, _ position: Int) {
    if rank == MergeLookup.noRank { return }
    heap.append(Self.entry(rank, position))
    var index = heap.count - 1
    while index > 0, heap[(index - 1) / 2] > heap[index] {
      heap.swapAt((index - 1) / 2, index)
      index = (index - 1) / 2
    }
  }

  private mutating func popLowest() -> UInt64? {
    guard let lowest = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      siftDown(0)
    }
    return lowest
  }

  private mutating func siftDown(_ start: Int) {
    let moved = heap[start]
    var index = start
    while true {
      var child = 2 * index + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < moved else { break }
      heap[index] = heap[child]
      index = child
    }
    heap[index] = moved
  }

  /// A workspace outlives one strange text, and should not keep its megabytes.
  private mutating func releaseLargeBuffers() {
    let keptCount = 1 << 16
    if next.capacity > keptCount { (next, previous) = ([], []) }
    if heap.capacity > keptCount { heap = [] }
  }
}
