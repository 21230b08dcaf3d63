/// A growing list of token ids with room to write ahead.
struct TokenBuffer: ~Copyable {
  private(set) var storage: UnsafeMutablePointer<TokenID>
  private var capacity: Int
  var count = 0

  init() {
    capacity = 1 << 10
    storage = .allocate(capacity: capacity)
  }

  deinit {
    storage.deallocate()
  }

  /// The place after the last token, with room for `count` more.
  @inline(__always)
  mutating func room(for additional: Int) -> UnsafeMutablePointer<TokenID> {
    if count + additional > capacity { grow(by: additional) }
    return storage + count
  }

  mutating func append(_ token: TokenID) {
    room(for: 1).initialize(to: token)
    count += 1
  }

  /// Empties the list, and gives back what one large text needed.
  mutating func removeAll() {
    count = 0
    let keptCapacity = 1 << 18
    guard capacity > keptCapacity else { return }
    storage.deallocate()
    capacity = keptCapacity
    storage = .allocate(capacity: capacity)
  }

  @inline(never)
  private mutating func grow(by additional: Int) {
    let larger = max(capacity * 2, count + additional)
    let moved = UnsafeMutablePointer<TokenID>.allocate(capacity: larger)
    moved.moveInitialize(from: storage, count: count)
    storage.deallocate()
    storage = moved
    capacity = larger
  }
}
