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
