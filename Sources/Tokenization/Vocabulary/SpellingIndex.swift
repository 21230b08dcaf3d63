/// Finds the token that has a spelling: an open-addressing hash table with linear probing.
struct SpellingIndex: Sendable {
  /// 0 where nothing is stored, else the upper bits of the hash over `id + 1` in the lower 22 bits.
  private let slots: FrozenBuffer<UInt64>
  private let spellings: TokenStrings
  private let hash: StringHash

  static let identifierBits: UInt64 = 22
  private static let identifierMask: UInt64 = (1 << identifierBits) - 1

  init(_ spellings: TokenStrings) throws(TokenizationError) {
    let hash = StringHash()
    let capacity = Self.capacity(for: spellings.count)
    var slots = [UInt64](repeating: 0, count: capacity)
    let duplicate: (Int, Int)? = slots.withUnsafeMutableBufferPointer { slots in
      spellings.bytes.withUnsafeBufferPointer { bytes in
        for id in 0..<spellings.count {
          let start = bytes.baseAddress! + spellings.offsets[id]
          let count = spellings.offsets[id + 1] - spellings.offsets[id]
          let value = hash(start, count: count)
          let mark = value & ~Self.identifierMask
          var slot = Int(truncatingIfNeeded: value) & (capacity - 1)
          while slots[slot] != 0 {
            if slots[slot] & ~Self.identifierMask == mark {
              let other = Int(slots[slot] & Self.identifierMask) - 1
              if spellings.matches(other, start, count: count) { return (other, id) }
            }
            slot = (slot + 1) & (capacity - 1)
          }
          slots[slot] = mark | UInt64(id + 1)
        }
        return nil
      }
    }
    if let duplicate { throw .duplicateToken(first: duplicate.0, second: duplicate.1) }
    self.slots = FrozenBuffer(slots)
    self.spellings = spellings
    self.hash = hash
  }

  /// The token spelled by `count` bytes at `start`.
  ///
  /// - Requires: `TokenStrings.padding` readable bytes after the string.
  func token(_ start: UnsafePointer<UInt8>, count: Int) -> Int? {
    let slots = slots.elements
    let value = hash(start, count: count)
    var slot = Int(truncatingIfNeeded: value) & (slots.count - 1)
    while slots[slot] != 0 {
      if (slots[slot] ^ value) & ~Self.identifierMask == 0 {
        let id = Int(slots[slot] & Self.identifierMask) - 1
        if spellings.matches(id, start, count: count) { return id }
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// The token with this spelling.
  func token(_ spelling: some Collection<UInt8>) -> Int? {
    let padded = Array(spelling) + repeatElement(0, count: TokenStrings.padding)
    return padded.withUnsafeBufferPointer { token($0.baseAddress!, count: spelling.count) }
  }

  /// A power of two that leaves at least a third of the table empty.
  static func capacity(for count: Int) -> Int {
    var capacity = 16
    while capacity * 2 < count * 3 { capacity *= 2 }
    return capacity
  }
}

extension TokenStrings {
  /// Whether string `index` is the `count` bytes at `start`.
  ///
  /// - Requires: `TokenStrings.padding` readable bytes after the string.
  @inline(__always)
  func matches(_ index: Int, _ start: UnsafePointer<UInt8>, count: Int) -> Bool {
    guard offsets[index + 1] - offsets[index] == count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      let own = UnsafeRawPointer(bytes.baseAddress! + offsets[index])
      var position = 0
      while position < count {
        let difference =
          own.loadUnaligned(fromByteOffset: position, as: UInt64.self)
          ^ UnsafeRawPointer(start).loadUnaligned(fromByteOffset: position, as: UInt64.self)
        let left = count - position
        if (left < 8 ? difference & (1 << UInt64(left * 8) - 1) : difference) != 0 { return false }
        position += 8
      }
      return true
    }
  }
}
