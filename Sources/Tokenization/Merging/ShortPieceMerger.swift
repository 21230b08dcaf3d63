/// Merges a short piece by looking for the lowest rank in an array: quadratic, and fastest up to some
/// hundred tokens.
struct ShortPieceMerger: BitwiseCopyable {
  /// Longer pieces are for ``LongPieceMerger``.
  static let tokenLimit = 128

  let lookup: MergeLookup

  /// Merges tokens in place.
  ///
  /// - Parameters:
  ///   - tokens: the tokens of the piece's bytes, at least one; receives the result at its front.
  ///   - ranks: scratch of the same size.
  /// - Returns: the number of tokens left, and one more than the highest rank that merged (0 for none).
  @inline(__always)
  func merge(
    _ tokens: UnsafeMutablePointer<TokenID>, count: Int, ranks: UnsafeMutablePointer<UInt32>
  ) -> (count: Int, rankBound: UInt32) {
    var rankBound: UInt32 = 0
    var last = count - 1
    for index in 0..<last { ranks[index] = lookup.rank(tokens[index], tokens[index + 1]) }
    while last > 0 {
      var lowest = ranks[0]
      var position = 0
      for index in 1..<last where ranks[index] < lowest {
        lowest = ranks[index]
        position = index
      }
      if lowest == MergeLookup.noRank { break }

      rankBound = max(rankBound, lowest + 1)
      tokens[position] = lookup.result(ofRank: lowest)
      for index in position + 1..<last {
        tokens[index] = tokens[index + 1]
        ranks[index - 1] = ranks[index]
      }
      last -= 1
      if position > 0 { ranks[position - 1] = lookup.rank(tokens[position - 1], tokens[position]) }
      if position < last { ranks[position] = lookup.rank(tokens[position], tokens[position + 1]) }
    }
    return (last + 1, rankBound)
  }
}
