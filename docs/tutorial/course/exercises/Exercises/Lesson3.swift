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
///
/// As long as any two neighbors have a rank, the pair with the lowest rank becomes one token; of equal pairs
/// the leftmost.
///
/// - Parameters:
///   - piece: its bytes, each spelled as one character (`Ġ` is a space).
///   - ranks: how early a pair was merged when the vocabulary was made.
public func tokens(of piece: String, ranks: [Pair: Int]) -> [String] {
  piece.map(String.init)  // Write it.
}
