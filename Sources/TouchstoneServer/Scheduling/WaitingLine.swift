/// Sequences that wait, and whose turn it is.
///
/// Clients share the engine by tokens: the next sequence is one of the client that has been served the
/// fewest, and of its jobs the one whose last turn was longest ago. A client that comes begins where the
/// others are, so that nobody saves turns up. When nobody waits any more, all accounts are closed.
package struct WaitingLine {
  /// One sequence of a job.
  package struct Item: Sendable, Equatable {
    package let job: Int
    /// Which of the job's sequences.
    package let sequence: Int
    /// The tokens that its pass computes.
    package let tokens: Int

    package init(job: Int, sequence: Int, tokens: Int) {
      self.job = job
      self.sequence = sequence
      self.tokens = tokens
    }
  }

  private struct Entry {
    let job: Int
    let client: ClientID
    let key: MergeKey
    /// In reverse: the next one is the last.
    var items: [Item]
    var lastTurn: Int
  }

  private var entries: [Entry] = []
  /// By client, the tokens that count as served.
  private var served: [ClientID: Int] = [:]
  /// What the client that had the last turn had been served before.
  private var virtualTime = 0
  private var turns = 0
  package private(set) var tokens = 0

  package init() {}

  package var isEmpty: Bool { entries.isEmpty }

  package mutating func add(_ items: [Item], job: Int, client: ClientID, key: MergeKey) {
    guard !items.isEmpty else { return }
    served[client] = max(served[client] ?? 0, virtualTime)
    turns += 1
    entries.append(Entry(job: job, client: client, key: key, items: items.reversed(), lastTurn: turns))
    tokens += items.reduce(0) { $0 + $1.tokens }
  }

  /// Takes a job's sequences out of the line.
  package mutating func remove(job: Int) {
    guard let index = entries.firstIndex(where: { $0.job == job }) else { return }
    tokens -= entries[index].items.reduce(0) { $0 + $1.tokens }
    removeEntry(index)
  }

  /// The sequences of the next pass: at least one, then more with the same key while they fit `tokenBudget`.
  package mutating func takeBatch(tokenBudget: Int) -> (key: MergeKey, items: [Item])? {
    guard let first = nextEntry(where: { _ in true }) else { return nil }
    let key = entries[first].key
    var items = [take(first)]
    var room = tokenBudget - items[0].tokens
    while let next = nextEntry(where: { $0.key == key && $0.items[$0.items.count - 1].tokens <= room }) {
      let item = take(next)
      items.append(item)
      room -= item.tokens
    }
    return (key, items)
  }

  /// The entry whose turn it is.
  private func nextEntry(where isEligible: (Entry) -> Bool) -> Int? {
    var best: (index: Int, order: (Int, Int))?
    for (index, entry) in entries.enumerated() where isEligible(entry) {
      let order = (served[entry.client] ?? 0, entry.lastTurn)
      if let current = best, current.order <= order { continue }
      best = (index, order)
    }
    return best?.index
  }

  private mutating func take(_ index: Int) -> Item {
    let item = entries[index].items.removeLast()
    let client = entries[index].client
    turns += 1
    entries[index].lastTurn = turns
    virtualTime = max(virtualTime, served[client] ?? 0)
    served[client, default: 0] += item.tokens
    tokens -= item.tokens
    if entries[index].items.isEmpty { removeEntry(index) }
    return item
  }

  private mutating func removeEntry(_ index: Int) {
    entries.remove(at: index)
    if entries.isEmpty {
      served = [:]
      virtualTime = 0
    } else if served.count > 2 * entries.count + 64 {
      let waiting = Set(entries.map(\.client))
      served = served.filter { $0.value > virtualTime || waiting.contains($0.key) }
    }
  }
}
