/// A text whose beginnings and ends have known numbers of tokens, and which says something else at every
/// place.
struct CountedText {
  let words: [String]
  private let tokenCount: (String) -> Int

  /// Words of one token each, where the tokenizer has such.
  init(tokenCount wanted: Int, _ tokenCount: @escaping (String) -> Int) {
    self.tokenCount = tokenCount
    let single = Self.candidates.filter { tokenCount("a \($0)") - tokenCount("a") == 1 }
    let known = single.count >= 4 ? single : Self.candidates
    var state: UInt32 = 0x5EED
    var words: [String] = []
    var tokens = tokenCount("")
    while tokens < wanted {
      state = state &* 1_664_525 &+ 1_013_904_223
      let word = known[Int(state >> 16) % known.count]
      words.append(word)
      tokens += max(1, tokenCount("a \(word)") - tokenCount("a"))
    }
    self.words = words
  }

  /// Whether words come before, so that the first has a space in front, which belongs to its token.
  private var goesOn = false

  private init(words: [String], goesOn: Bool = false, _ tokenCount: @escaping (String) -> Int) {
    self.words = words
    self.goesOn = goesOn
    self.tokenCount = tokenCount
  }

  var text: String { (goesOn ? " " : "") + words.joined(separator: " ") }
  /// The end of text included.
  var tokens: Int { tokenCount(text) }

  func first(_ count: Int) -> CountedText { CountedText(words: Array(words.prefix(count)), tokenCount) }
  func last(_ count: Int) -> CountedText {
    CountedText(words: Array(words.suffix(count)), goesOn: count < words.count, tokenCount)
  }

  /// The same with the last, or the first, 20 words in reverse order and another among them.
  func changed(atEnd: Bool) -> CountedText {
    let count = min(20, words.count)
    let part = atEnd ? words.suffix(count) : words.prefix(count)
    let other = part.reversed().map { $0 == "the" ? "is" : "the" }
    return CountedText(
      words: atEnd ? words.dropLast(count) + other : other + words.dropFirst(count), tokenCount)
  }

  private static let candidates = [
    "the", "of", "and", "to", "in", "is", "it", "that", "for", "on", "with", "as", "at", "by", "from", "or",
    "an", "be",
    "this", "which", "not", "are", "but", "have", "had", "one", "you", "we", "all", "can",
  ]
}
