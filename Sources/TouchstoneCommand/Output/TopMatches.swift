/// A text and what ranks it among others.
package protocol RankedMatch: Equatable, Sendable {
  var item: InputItem { get }
  /// More is better.
  var rank: Double { get }
}

extension RankedMatch {
  /// Whether this one gives way to `other`: a lower rank, or an equal one further down the input.
  fileprivate func isWorse(than other: Self) -> Bool {
    (rank, other.item.index) < (other.rank, item.index)
  }
}

/// The best matches seen so far, as many as a limit says: a heap with the worst of them in front.
package struct TopMatches<Match: RankedMatch> {
  private let limit: Int
  private var heap: [Match] = []

  /// - Parameter limit: at least 1.
  package init(limit: Int) { self.limit = limit }

  package mutating func offer(_ match: Match) {
    if heap.count < limit {
      heap.append(match)
      siftUp(from: heap.count - 1)
    } else if heap[0].isWorse(than: match) {
      heap[0] = match
      siftDown()
    }
  }

  /// Best first; equal ones in input order.
  package var sorted: [Match] { heap.sorted { $1.isWorse(than: $0) } }

  private mutating func siftUp(from start: Int) {
    var index = start
    while index > 0, heap[index].isWorse(than: heap[(index - 1) / 2]) {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  private mutating func siftDown() {
    var index = 0
    while true {
      var worst = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < heap.count && heap[child].isWorse(than: heap[worst]) {
        worst = child
      }
      if worst == index { return }
      heap.swapAt(index, worst)
      index = worst
    }
  }
}
