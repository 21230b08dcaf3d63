import Tokenization

/// A small vocabulary of random merges, with added tokens of any bytes, and texts made of its pieces.
enum VocabularyFuzzing {
  static func run(_ decisions: inout Decisions) throws {
    var spellings = ByteSpelling.characters.map { Array(String(Character(Unicode.Scalar($0)!)).utf8) }
    var types = Array(repeating: TokenType.normal.rawValue, count: spellings.count)
    var merges: [[UInt8]] = []
    for _ in 0..<decisions.below(24) { merge(&spellings, &types, &merges, &decisions) }
    for _ in 0..<decisions.below(8) { add(&spellings, &types, &decisions) }

    let tokenizer: Tokenizer
    do {
      let vocabulary = try Vocabulary(
        tokens: strings(spellings, .tokens), types: types, merges: strings(merges, .merges))
      tokenizer = try Tokenizer(vocabulary: vocabulary)
    } catch {
      return try demandSentence(error)
    }
    // The spellings of the bytes say little in a text: the bytes themselves, and whatever comes after them.
    let pieces = (0..<256).map { [UInt8($0)] } + spellings.dropFirst(256)
    let workspace = tokenizer.makeWorkspace()
    for _ in 0..<4 {
      try check(FuzzTexts.bytes(Array(pieces.suffix(60)), &decisions), tokenizer, workspace)
    }
  }

  private static func check(
    _ bytes: [UInt8], _ tokenizer: Tokenizer, _ workspace: TokenizerWorkspace
  ) throws {
    for recognition in [AddedTokenRecognition.all, .userDefined, .none] {
      let options = EncodingOptions(addedTokens: recognition)
      let encoding = bytes.withUnsafeBufferPointer { tokenizer.encodeWithRanges(utf8: $0, options: options) }
      try demand(encoding.ids.count == encoding.ranges.count, "there are not as many places as tokens")
      var end = 0
      for range in encoding.ranges {
        try demand(range.lowerBound == end, "the places of tokens do not touch")
        end = range.upperBound
      }
      try demand(
        encoding.ids.isEmpty || end == bytes.count,
        "the places of tokens end at \(end) of \(bytes.count) bytes")
      let warm = bytes.withUnsafeBufferPointer {
        tokenizer.encode(utf8: $0, options: options, workspace: workspace)
      }
      try demand(warm == encoding.ids, "what a workspace remembers changes ids")
      let text = try tokenizer.decodeBytes(encoding.ids)
      guard recognition == .none else { continue }
      // What was decoded is in NFC and has no more to repair.
      let again = text.withUnsafeBufferPointer { tokenizer.encode(utf8: $0, options: options) }
      try demand(again == encoding.ids, "decoded ids have other ids")
      try demand(String(validating: text, as: UTF8.self) != nil, "decoded ids are not UTF-8")
    }
  }

  private static func strings(
    _ strings: [[UInt8]], _ list: TokenizationError.StringList
  ) throws(TokenizationError) -> TokenStrings {
    var offsets = [0]
    for string in strings { offsets.append(offsets[offsets.count - 1] + string.count) }
    return try TokenStrings(bytes: Array(strings.joined()), offsets: offsets, of: list)
  }

  /// Joins two tokens to a third one, for the most part.
  private static func merge(
    _ spellings: inout [[UInt8]], _ types: inout [Int32], _ merges: inout [[UInt8]],
    _ decisions: inout Decisions
  ) {
    // Letters, bytes of characters, and results of earlier merges.
    func token() -> [UInt8] {
      switch decisions.below(4) {
      case 0: spellings[97 + decisions.below(3)]
      case 1: spellings[0x80 + decisions.below(0x80)]
      case 2: decisions.element(of: [spellings[0xCC], spellings[0xCD], spellings[0x81], spellings[0x20]])
      default: spellings[max(97, spellings.count - 1 - decisions.below(12))]
      }
    }
    let (left, right) = (token(), token())
    if decisions.chance(31, in: 32) {
      spellings.append(left + right)
      types.append(TokenType.normal.rawValue)
    }
    merges.append(left + [0x20] + right)
  }

  private static func add(
    _ spellings: inout [[UInt8]], _ types: inout [Int32], _ decisions: inout Decisions
  ) {
    types.append(decisions.element(of: [3, 4, 4, 2, 3, 4, 5, 6, 1, 0]))
    switch decisions.below(4) {
    case 0: spellings.append(decisions.bytes(atMost: 6))
    case 1: spellings.append(FuzzTexts.bytes([], &decisions))
    case 2:
      let scalar = Unicode.Scalar(decisions.element(of: FuzzTexts.changing)) ?? "a"
      let utf8 = Array(String(Character(scalar)).utf8)
      let cut = Array(utf8.dropFirst(decisions.below(utf8.count)))
      spellings.append(decisions.chance(1, in: 2) ? cut : utf8)
    default:
      spellings.append(Array(decisions.element(of: ["<a>", "a", "ab", " ", "\n", "<", "<a", "'s"]).utf8))
    }
  }
}
