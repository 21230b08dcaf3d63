import GGUF

/// Byte-pair merging in its simplest form: the lowest-ranked pair first, until there is none. Slow and plain,
/// and made from the file's own lists: independent of the tokenizer that it stands in for.
struct MergeRanks {
  /// How a byte is spelled in tokens: GPT-2's printable characters.
  private let byteSpellings: [Character]
  private let ids: [String: Int32]
  private let ranks: [String: Int]
  /// Added tokens, the longest first.
  let addedTokens: [(text: String, id: Int32)]

  init(_ metadata: Metadata) throws(GGUFError) {
    let tokens = try metadata.array("tokenizer.ggml.tokens").strings()
    let types = try metadata.array("tokenizer.ggml.token_type").integers(as: Int32.self)
    ids = Dictionary(zip(tokens, (0..<Int32(tokens.count))), uniquingKeysWith: { first, _ in first })
    let merges = try metadata.array("tokenizer.ggml.merges").strings()
    ranks = Dictionary(zip(merges, merges.indices), uniquingKeysWith: { first, _ in first })
    // Types 3 and 4 are control and user-defined tokens.
    addedTokens = zip(tokens, types).enumerated()
      .filter { [3, 4].contains($0.element.1) && !$0.element.0.isEmpty }
      .map { ($0.element.0, Int32($0.offset)) }
      .sorted { $0.0.utf8.count > $1.0.utf8.count }

    var next: UInt32 = 0x100
    byteSpellings = (0..<256).map { byte in
      let isPrintable =
        (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
      defer { if !isPrintable { next += 1 } }
      return Character(Unicode.Scalar(isPrintable ? UInt32(byte) : next)!)
    }
  }

  /// The ids of the single bytes of a text.
  func byteIDs(_ text: some StringProtocol) -> [Int32] {
    text.utf8.compactMap { ids[String(byteSpellings[Int($0)])] }
  }

  /// The ids of one piece of text.
  func ids(ofPiece piece: some StringProtocol) -> [Int32] {
    var symbols = piece.utf8.map { String(byteSpellings[Int($0)]) }
    while symbols.count > 1 {
      var best: (rank: Int, index: Int)?
      for index in 0..<symbols.count - 1 {
        if let rank = ranks[symbols[index] + " " + symbols[index + 1]], rank < best?.rank ?? .max {
          best = (rank, index)
        }
      }
      guard let best else { break }
      symbols[best.index] += symbols.remove(at: best.index + 1)
    }
    return symbols.compactMap { ids[$0] }
  }
}
