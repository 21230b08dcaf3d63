/// Splits normalized text and encodes its pieces: byte-level byte-pair encoding with a cache.
struct PieceEncoder: ~Copyable {
  private let vocabulary: Vocabulary
  private let pattern = SplitPattern()
  private let shortPieces = PieceCache<ShortPieceKey>(entryBits: 14)
  private let longerPieces = PieceCache<LongPieceKey>(entryBits: 12)
  private let characters = CharacterCache()
  private var longPieces = LongPieceMerger()
  private let ranks: UnsafeMutablePointer<UInt32>
  /// The last piece of a text, with readable bytes after it.
  private let tail: UnsafeMutablePointer<UInt8>

  /// How many tokens may be written after the last that counts.
  private static let writeAhead = 8

  init(_ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    ranks = .allocate(capacity: ShortPieceMerger.tokenLimit)
    ranks.initialize(repeating: 0, count: ShortPieceMerger.tokenLimit)
    tail = .allocate(capacity: 2 * MemoryLayout<LongPieceKey>.size)
    tail.initialize(repeating: 0, count: 2 * MemoryLayout<LongPieceKey>.size)
  }

  deinit {
    ranks.deallocate()
    tail.deallocate()
  }

  /// Appends the tokens of a text without added tokens.
  ///
  /// - Requires: `text` is well-formed UTF-8 in NFC.
  mutating func encode(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout TokenBuffer) {
    guard let base = text.baseAddress else { return }
    var position = 0
    // Keys are loaded as whole words, so the last pieces are read from a copy with room after it.
    let unpadded = max(0, text.count - MemoryLayout<LongPieceKey>.size)
    while position < unpadded {
      let end = pattern.endOfPiece(in: text, from: position)
      encodePiece(base + position, count: end - position, into: &tokens)
      position = end
    }
    while position < text.count {
      let end = pattern.endOfPiece(in: text, from: position)
      let count = end - position
      tail.update(from: base + position, count: count)
      encodePiece(tail, count: count, into: &tokens)
      position = end
    }
  }

  /// - Requires: `MemoryLayout<LongPieceKey>.size` readable bytes at `start`.
  @inline(__always)
  private mutating func encodePiece(
    _ start: UnsafePointer<UInt8>, count: Int, into tokens: inout TokenBuffer
  ) {
    let output = tokens.room(for: count + Self.writeAhead)
    if count <= ShortPieceKey.byteLimit {
      let key = ShortPieceKey(start, count: count)
      let entry = shortPieces.place(of: key)
      if entry.pointee.key.equals(key) {
        tokens.count += Self.write(entry.pointee.tokens, to: output)
      } else {
        let tokenCount = merge(start, count: count, into: output)
        tokens.count += tokenCount
        PieceCache.remember(output, count: tokenCount, as: key, at: entry)
      }
    } else if count <= LongPieceKey.byteLimit {
      let key = LongPieceKey(start, count: count)
      let entry = longerPieces.place(of: key)
      if entry.pointee.key.equals(key) {
        tokens.count += Self.write(entry.pointee.tokens, to: output)
      } else {
        let tokenCount = merge(start, count: count, into: output)
        tokens.count += tokenCount
        PieceCache.remember(output, count: tokenCount, as: key, at: entry)
      }
    } else {
      tokens.count += merge(start, count: count, into: output)
    }
  }

  /// Writes all lanes and returns how many of them count.
  @inline(__always)
  private static func write<Tokens: SIMD<UInt32>>(
    _ tokens: Tokens, to output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    UnsafeMutableRawPointer(output).storeBytes(of: tokens, as: Tokens.self)
    return Int(tokens[Tokens.scalarCount - 1])
  }

  /// Writes the tokens of one piece and returns their number.
  @inline(never)
  private mutating func merge(
    _ start: UnsafePointer<UInt8>, count: Int, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    let tokenCount = characterTokens(start, count: count, into: output)
    if tokenCount <= ShortPieceMerger.tokenLimit {
      return ShortPieceMerger(lookup: vocabulary.merges.lookup).merge(
        output, count: tokenCount, ranks: ranks
      ).count
    }
    return longPieces.merge(output, count: tokenCount, lookup: vocabulary.merges.lookup)
  }

  /// Writes the tokens of each character where they are sure to merge before anything else touches them,
  /// and the tokens of its bytes elsewhere.
  @inline(__always)
  private func characterTokens(
    _ start: UnsafePointer<UInt8>, count: Int, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    let text = UnsafeBufferPointer(start: start, count: count)
    let byteTokens = vocabulary.byteTokens.elements
    let boundaryRanks = vocabulary.boundaries.lowestRanks
    var position = 0
    var tokenCount = 0
    while position < count {
      let byte = start[position]
      if byte < 0x80 {
        output[tokenCount] = byteTokens[Int(byte)]
        tokenCount += 1
        position += 1
        continue
      }
      let scalar = text.scalar(at: position)
      let entry = characters.place(of: scalar.value)
      if entry.pointee.scalar != scalar.value { entry.pointee = characterEntry(text, position, scalar) }
      let end = position + scalar.length
      let before = position == 0 ? .max : boundaryRanks[Int(start[position - 1]) << 8 | Int(byte)]
      let after = end == count ? .max : boundaryRanks[Int(start[end - 1]) << 8 | Int(start[end])]
      if entry.pointee.rankBound <= min(before, after) {
        UnsafeMutableRawPointer(output + tokenCount).storeBytes(
          of: entry.pointee.tokens, as: SIMD4<UInt32>.self)
        tokenCount += Int(entry.pointee.tokenCount)
      } else {
        for index in position..<end { output[tokenCount + index - position] = byteTokens[Int(start[index])] }
        tokenCount += scalar.length
      }
      position = end
    }
    return tokenCount
  }

  @inline(never)
  private func characterEntry(
    _ text: UnsafeBufferPointer<UInt8>, _ position: Int, _ scalar: DecodedScalar
  ) -> CharacterCache.Entry {
    var tokens = SIMD4<UInt32>.zero
    for index in 0..<scalar.length {
      tokens[index] = vocabulary.byteTokens.elements[Int(text[position + index])]
    }
    let merged = withUnsafeMutablePointer(to: &tokens) { tokens in
      tokens.withMemoryRebound(to: TokenID.self, capacity: 4) { tokens in
        ShortPieceMerger(lookup: vocabulary.merges.lookup).merge(tokens, count: scalar.length, ranks: ranks)
      }
    }
    return CharacterCache.Entry(
      scalar: scalar.value, tokenCount: UInt32(merged.count), rankBound: merged.rankBound, tokens: tokens)
  }
}
