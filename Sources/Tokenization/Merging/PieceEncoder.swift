/// Splits normalised text and encodes its pieces: byte-level byte-pair encoding with a cache.
struct PieceEncoder: ~Copyable {
  private let vocabulary: Vocabulary
  private let pattern = SplitPattern()
  private let cache = PieceCache()
  private var longPieces = LongPieceMerger()
  private let ranks: UnsafeMutablePointer<UInt32>

  /// How many tokens a cached piece may write, of which only some count.
  private static let writeAhead = 8

  init(_ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    ranks = .allocate(capacity: ShortPieceMerger.byteLimit)
    ranks.initialize(repeating: 0, count: ShortPieceMerger.byteLimit)
  }

  deinit {
    ranks.deallocate()
  }

  /// Appends the tokens of a text without added tokens.
  ///
  /// - Requires: `text` is well-formed UTF-8 in NFC.
  mutating func encode(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout TokenBuffer) {
    guard let base = text.baseAddress else { return }
    var position = 0
    while position < text.count {
      let end = pattern.endOfPiece(in: text, from: position)
      let count = end - position
      if count <= PieceCache.byteLimit {
        encodeCached(base + position, count: count, readable: text.count - position, into: &tokens)
      } else {
        tokens.count += merge(base + position, count: count, into: tokens.room(for: count))
      }
      position = end
    }
  }

  @inline(__always)
  private mutating func encodeCached(
    _ start: UnsafePointer<UInt8>, count: Int, readable: Int, into tokens: inout TokenBuffer
  ) {
    let key = PieceCache.key(start, count: count, readable: readable)
    let entry = cache.place(of: key)
    let output = tokens.room(for: PieceCache.byteLimit + Self.writeAhead)
    if entry.pointee.key == key {
      let remembered = entry.pointee.tokens
      UnsafeMutableRawPointer(output).storeBytes(of: remembered, as: SIMD8<UInt32>.self)
      tokens.count += Int(remembered[7])
      return
    }
    let tokenCount = merge(start, count: count, into: output)
    tokens.count += tokenCount
    if tokenCount <= PieceCache.tokenLimit {
      var remembered = SIMD8<UInt32>.zero
      for index in 0..<tokenCount { remembered[index] = output[index] }
      remembered[7] = UInt32(tokenCount)
      entry.pointee = PieceCache.Entry(key: key, tokens: remembered)
    }
  }

  /// Writes the tokens of one piece and returns their number.
  @inline(never)
  private mutating func merge(
    _ start: UnsafePointer<UInt8>, count: Int, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    let byteTokens = vocabulary.byteTokens.elements
    for index in 0..<count { output[index] = byteTokens[Int(start[index])] }
    if count <= ShortPieceMerger.byteLimit {
      return ShortPieceMerger(lookup: vocabulary.merges.lookup).merge(output, count: count, ranks: ranks)
    }
    return longPieces.merge(output, count: count, lookup: vocabulary.merges.lookup)
  }
}
