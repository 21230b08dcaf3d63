/// Two tokens that stand side by side, as their bytes spell them.
public struct Pair: Hashable {
  public let left: String
  public let right: String

  public init(_ left: String, _ right: String) {
    self.left = left
    self.right = right
  }
}

/// The tokens of a piece, by byte-pair encoding.
public func tokens(of piece: String, ranks: [Pair: Int]) -> [String] {
  var tokens = piece.map(String.init)
  while let (place, _) = lowestRank(tokens, ranks) {
    tokens[place] += tokens.remove(at: place + 1)
  }
  return tokens
}

private func lowestRank(_ tokens: [String], _ ranks: [Pair: Int]) -> (place: Int, rank: Int)? {
  zip(tokens, tokens.dropFirst()).enumerated()
    .compactMap { place, pair in ranks[Pair(pair.0, pair.1)].map { (place, $0) } }
    .min { $0.1 < $1.1 }
}
