/// Remembers how pieces were encoded: a direct-mapped table.
///
/// A piece has one place; whatever was there before is forgotten. So the memory is bounded, and no input
/// makes a lookup slow.
struct PieceCache<Key: PieceKey>: ~Copyable {
  struct Entry: BitwiseCopyable {
    var key: Key
    var tokens: Key.Tokens
  }

  /// The most tokens that an entry holds; the last lane is their number.
  @inline(__always)
  static var tokenLimit: Int { Key.Tokens.scalarCount - 1 }

  private let entries: UnsafeMutablePointer<Entry>
  private let shift: UInt64

  /// - Parameter entryBits: the logarithm of the number of entries to base two.
  init(entryBits: Int) {
    entries = .allocate(capacity: 1 << entryBits)
    entries.initialize(repeating: Entry(key: .empty, tokens: .zero), count: 1 << entryBits)
    shift = UInt64(64 - entryBits)
  }

  deinit {
    entries.deallocate()
  }

  /// The place of a key.
  @inline(__always)
  func place(of key: Key) -> UnsafeMutablePointer<Entry> {
    entries + Int(truncatingIfNeeded: key.hash &>> shift)
  }

  /// Keeps the tokens of a piece if there is room for them.
  @inline(__always)
  static func remember(
    _ tokens: UnsafeMutablePointer<TokenID>, count: Int, as key: Key, at place: UnsafeMutablePointer<Entry>
  ) {
    guard count <= tokenLimit else { return }
    var remembered = Key.Tokens.zero
    for index in 0..<count { remembered[index] = tokens[index] }
    remembered[tokenLimit] = UInt32(count)
    place.pointee = Entry(key: key, tokens: remembered)
  }
}
