/// Finds added tokens in raw text: the leftmost, and among those the longest.
///
/// The tokens are sorted by their bytes. Walking along the text narrows the range of tokens that begin
/// with what was read, so a search costs at most the length of the longest token, whatever their number.
struct AddedTokenMatcher: Sendable {
  struct Match {
    var range: Range<Int>
    var token: TokenID
    var isSpecial: Bool
  }

  /// Keeps the cost of a hostile vocabulary in bounds; the longest in use has some 30 bytes.
  static let byteLimit = 256

  private struct Entry {
    var bytes: ArraySlice<UInt8>
    var token: TokenID
    var isSpecial: Bool
  }

  private var entries: [Entry] = []
  /// For each first byte the range of entries that begin with it.
  private var firstByteRanges = [Range<Int>](repeating: 0..<0, count: 256)
  private let isFirstByte: FrozenBuffer<Bool>

  init(_ vocabulary: Vocabulary) throws(TokenizationError) {
    for (token, type) in vocabulary.types.enumerated() where type.isAdded {
      let bytes = vocabulary.spellings[token]
      if bytes.isEmpty { continue }
      guard bytes.count <= Self.byteLimit else {
        throw .addedTokenTooLong(token: token, byteCount: bytes.count, limit: Self.byteLimit)
      }
      entries.append(Entry(bytes: bytes, token: TokenID(token), isSpecial: type.isSpecial))
    }
    entries.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    for (index, entry) in entries.enumerated() {
      let byte = Int(entry.bytes.first!)
      let lower = firstByteRanges[byte].isEmpty ? index : firstByteRanges[byte].lowerBound
      firstByteRanges[byte] = lower..<index + 1
    }
    isFirstByte = FrozenBuffer(firstByteRanges.map { !$0.isEmpty })
  }

  /// The first added token at `start` or after it.
  func firstMatch(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Match? {
    if entries.isEmpty { return nil }
    let isFirstByte = isFirstByte.elements
    var position = start
    while position < text.count {
      if isFirstByte[Int(text[position])], let match = longestMatch(in: text, at: position) { return match }
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
        longest = Match(range: start..<start + length, token: first.token, isSpecial: first.isSpecial)
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
