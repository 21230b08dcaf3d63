/// Turns merges as text ("left right", both in byte spelling) into ids.
struct MergeParser {
  let spellings: TokenStrings
  let index: SpellingIndex

  /// The merges in order of rank.
  ///
  /// Trained vocabularies list the tokens in the order in which merges make them. So the token after the
  /// last result is tried before the index is asked.
  func parse(_ merges: TokenStrings) throws(TokenizationError) -> [Merge] {
    guard merges.count <= MergeTable.mergeLimit else {
      throw .tooManyStrings(.merges, count: merges.count, limit: MergeTable.mergeLimit)
    }
    var parsed: [Merge] = []
    parsed.reserveCapacity(merges.count)
    var joined: [UInt8] = []
    var expected = 0
    for merge in 0..<merges.count {
      let range = merges.offsets[merge]..<merges.offsets[merge + 1]
      guard let space = merges.firstSpace(in: range), space > range.lowerBound, space + 1 < range.upperBound
      else { throw .malformedMerge(merge) }
      let leftCount = space - range.lowerBound
      let rightCount = range.upperBound - space - 1
      let pieces: (left: Int?, right: Int?, isExpected: Bool) = merges.bytes.withUnsafeBufferPointer {
        bytes in
        let left = bytes.baseAddress! + range.lowerBound
        let right = bytes.baseAddress! + space + 1
        return (
          index.token(left, count: leftCount), index.token(right, count: rightCount),
          spellings.isJoined(expected, left, leftCount, right, rightCount)
        )
      }
      guard let left = pieces.left else { throw unknown(merges.bytes[range.lowerBound..<space], merge) }
      guard let right = pieces.right else {
        throw unknown(merges.bytes[(space + 1)..<range.upperBound], merge)
      }
      if !pieces.isExpected {
        joined.removeAll(keepingCapacity: true)
        joined.append(contentsOf: merges.bytes[range.lowerBound..<space])
        joined.append(contentsOf: merges.bytes[(space + 1)..<range.upperBound])
        guard let result = index.token(joined) else { throw unknown(joined[...], merge) }
        expected = result
      }
      parsed.append(Merge(left: UInt32(left), right: UInt32(right), result: UInt32(expected)))
      expected += 1
    }
    return parsed
  }

  private func unknown(_ text: ArraySlice<UInt8>, _ merge: Int) -> TokenizationError {
    .unknownMergeToken(merge: merge, text: String(decoding: text.prefix(100), as: UTF8.self))
  }
}

extension TokenStrings {
  /// The only space in `range`.
  fileprivate func firstSpace(in range: Range<Int>) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      var found: Int?
      for position in range where bytes[position] == UInt8(ascii: " ") {
        if found != nil { return nil }
        found = position
      }
      return found
    }
  }

  /// Whether string `index` exists and is `left` followed by `right`.
  @inline(__always)
  fileprivate func isJoined(
    _ index: Int, _ left: UnsafePointer<UInt8>, _ leftCount: Int, _ right: UnsafePointer<UInt8>,
    _ rightCount: Int
  ) -> Bool {
    guard index < count, offsets[index + 1] - offsets[index] == leftCount + rightCount else { return false }
    let offset = offsets[index]
    return bytes.withUnsafeBufferPointer { bytes in
      for position in 0..<leftCount where bytes[offset + position] != left[position] { return false }
      for position in 0..<rightCount where bytes[offset + leftCount + position] != right[position] {
        return false
      }
      return true
    }
  }
}
