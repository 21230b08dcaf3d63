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

/// A hash of short byte strings, by folded multiplication of eight bytes at a time.
///
/// The seed is drawn once a process, so that no vocabulary can be made to collide on purpose. Nothing that
/// anyone can see depends on it.
struct StringHash {
  static let seed = UInt64.random(in: .min ... .max)

  private let seed = StringHash.seed

  /// - Requires: `TokenStrings.padding` readable bytes after the string.
  @inline(__always)
  func callAsFunction(_ start: UnsafePointer<UInt8>, count: Int) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: count)
    var position = 0
    while position < count {
      var word = UnsafeRawPointer(start + position).loadUnaligned(as: UInt64.self)
      let left = count - position
      if left < 8 { word &= (1 << UInt64(left * 8)) - 1 }
      hash = Self.fold(hash ^ word, 0x9E37_79B9_7F4A_7C15)
      position += 8
    }
    return Self.fold(hash ^ seed, 0xD6E8_FEB8_6659_FD93)
  }

  /// The two halves of a 128-bit product, one over the other.
  @inline(__always)
  static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}

/// An array that never changes, at an address that never changes.
///
/// The inner loops read through the address, free of reference counting. Whoever does so keeps the buffer
/// alive for as long.
///
/// Sendable: the elements are written in `init`, before anyone else has the reference, and freed in `deinit`,
/// when nobody has it; in between they are only read.
final class FrozenBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  let elements: UnsafeBufferPointer<Element>

  init(_ elements: some Collection<Element>) {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = buffer.initialize(from: elements)
    self.elements = UnsafeBufferPointer(buffer)
  }

  deinit {
    elements.deallocate()
  }
}
