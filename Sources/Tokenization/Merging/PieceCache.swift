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

/// Remembers the tokens of single characters of more than one byte: a direct-mapped table.
struct CharacterCache: ~Copyable {
  struct Entry: BitwiseCopyable {
    /// The scalar, or 0 in an empty entry.
    var scalar: UInt32
    var tokenCount: UInt32
    /// One more than the highest rank among the merges of the character; 0 when nothing merges.
    var rankBound: UInt32
    private var unused: UInt32 = 0
    var tokens: SIMD4<UInt32>

    init(scalar: UInt32, tokenCount: UInt32, rankBound: UInt32, tokens: SIMD4<UInt32>) {
      self.scalar = scalar
      self.tokenCount = tokenCount
      self.rankBound = rankBound
      self.tokens = tokens
    }
  }

  private static let entryCount = 1 << 13
  private let entries: UnsafeMutablePointer<Entry>

  init() {
    entries = .allocate(capacity: Self.entryCount)
    entries.initialize(
      repeating: Entry(scalar: 0, tokenCount: 0, rankBound: 0, tokens: .zero), count: Self.entryCount)
  }

  deinit {
    entries.deallocate()
  }

  @inline(__always)
  func place(of scalar: UInt32) -> UnsafeMutablePointer<Entry> {
    entries + (Int(scalar) & (Self.entryCount - 1))
  }
}
