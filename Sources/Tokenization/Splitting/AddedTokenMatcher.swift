/// Finds added tokens in raw text: the leftmost, and among those the longest.
///
/// The tokens are sorted by their bytes. Walking along the text narrows the range of tokens that begin
/// with what was read, so a search costs at most the length of the longest token, whatever their number.
///
/// A match begins and ends between characters, whatever the tokens are: the text around it goes on as UTF-8
/// to code that has no checks. ``init(_:)`` refuses tokens that could only be found otherwise; the search
/// looks again.
package struct AddedTokenMatcher: Sendable {
  package struct Match: Equatable {
    package var range: Range<Int>
    package var token: TokenID
    package var isSpecial: Bool

    package init(range: Range<Int>, token: TokenID, isSpecial: Bool) {
      (self.range, self.token, self.isSpecial) = (range, token, isSpecial)
    }
  }

  /// Keeps the cost of a hostile vocabulary in bounds; the longest in use has some 30 bytes.
  static let byteLimit = 256

  /// A token to be found, by its bytes.
  package struct Entry: Sendable {
    var bytes: ArraySlice<UInt8>
    var token: TokenID
    var isSpecial: Bool

    package init(bytes: ArraySlice<UInt8>, token: TokenID, isSpecial: Bool) {
      (self.bytes, self.token, self.isSpecial) = (bytes, token, isSpecial)
    }
  }

  private var entries: [Entry] = []
  /// For each first byte the range of entries that begin with it.
  private var firstByteRanges = [Range<Int>](repeating: 0..<0, count: 256)
  private let isFirstByte: FrozenBuffer<Bool>

  /// - Throws: ``TokenizationError`` for an added token that is empty, too long or not UTF-8.
  init(_ vocabulary: Vocabulary) throws(TokenizationError) {
    var entries: [Entry] = []
    for (token, type) in vocabulary.types.enumerated() where type.isAdded {
      let bytes = vocabulary.spellings[token]
      guard !bytes.isEmpty else { throw .emptyAddedToken(token) }
      guard bytes.withUnsafeBufferPointer({ UTF8Repair.repair($0) }) == nil else {
        throw .addedTokenNotUTF8(token)
      }
      guard bytes.count <= Self.byteLimit else {
        throw .addedTokenTooLong(token: token, byteCount: bytes.count, limit: Self.byteLimit)
      }
      entries.append(Entry(bytes: bytes, token: TokenID(token), isSpecial: type.isSpecial))
    }
    self.init(entries)
  }

  /// - Requires: no entry is empty, and none is longer than `byteLimit`.
  package init(_ tokens: [Entry]) {
    entries = tokens
    entries.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    for (index, entry) in entries.enumerated() {
      let byte = Int(entry.bytes.first!)
      let lower = firstByteRanges[byte].isEmpty ? index : firstByteRanges[byte].lowerBound
      firstByteRanges[byte] = lower..<index + 1
    }
    isFirstByte = FrozenBuffer(firstByteRanges.map { !$0.isEmpty })
  }

  /// The first added token at `start` or after it.
  ///
  /// - Requires: `text` is well-formed UTF-8.
  package func firstMatch(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Match? {
    if entries.isEmpty { return nil }
    let isFirstByte = isFirstByte.elements
    var position = start
    while position < text.count {
      if isFirstByte[Int(text[position])], text.isBoundary(position),
        let match = longestMatch(in: text, at: position)
      {
        return match
      }
      position += 1
    }
    return nil
  }

  private func longestMatch(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Match? {
    var candidates = firstByteRanges[Int(text[start])]
    var length = 1
    var longest: Match?
    while !candidates.isEmpty {
      // The shortest candidate sorts first.
      let first = entries[candidates.lowerBound]
      if first.bytes.count == length {
        if text.isBoundary(start + length) {
          longest = Match(range: start..<start + length, token: first.token, isSpecial: first.isSpecial)
        }
        candidates = candidates.lowerBound + 1..<candidates.upperBound
      }
      guard start + length < text.count else { break }
      let byte = text[start + length]
      let lower = partition(candidates, length) { $0 < byte }
      let upper = partition(lower..<candidates.upperBound, length) { $0 == byte }
      candidates = lower..<upper
      length += 1
    }
    return longest
  }

  /// The first candidate whose byte at `offset` is not in the lower part.
  private func partition(_ candidates: Range<Int>, _ offset: Int, isLower: (UInt8) -> Bool) -> Int {
    var low = candidates.lowerBound
    var high = candidates.upperBound
    while low < high {
      let middle = (low + high) / 2
      let bytes = entries[middle].bytes
      if isLower(bytes[bytes.startIndex + offset]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether `position` is between two characters of well-formed UTF-8, or at its end.
  fileprivate func isBoundary(_ position: Int) -> Bool { position == count || self[position] & 0xC0 != 0x80 }
}
