import Testing
import Tokenization

/// Texts that make quadratic tokenizers stop. A megabyte of each must not take much more than four times
/// as long as a quarter of it.
@Suite(.serialized) struct LongTextTests {
  static let megabyte = 1 << 20

  static let patterns: [(name: String, unit: String)] = [
    ("one letter", "a"), ("no space", "abcdefghijklmnopqrstuvwxyz"), ("spaces", " "),
    ("spaces and a letter", "    x"),
    ("line ends", "\n"), ("white space without line ends", "\t\u{A0}"), ("punctuation", "-="),
    ("digits", "7"),
    ("marks", "\u{301}\u{323}"), ("decomposed", "e\u{301}"), ("jamo", "\u{1100}\u{1161}\u{11A8}"),
    ("one ideograph", "的"), ("emoji", "👩\u{200D}👩\u{200D}👧"), ("almost added", "<|im_end|"),
    ("added", "<|im_end|>"), ("apostrophes", "'"), ("zeros", "\0"),
    ("contractions", "'s"), ("syllables", "한"), ("line ends and spaces", "\r\n "),
    ("two marks", "e\u{301}\u{323}"),
    ("words", "ab "),
  ]

  @Test(arguments: patterns.indices) func timeGrowsLinearly(index: Int) throws {
    let tokenizer = try TestData.qwen3Tokenizer.get()
    let unit = Self.patterns[index].unit
    let long = String(repeating: unit, count: Self.megabyte / unit.utf8.count)
    let short = String(repeating: unit, count: Self.megabyte / 4 / unit.utf8.count)
    let clock = ContinuousClock()
    func best(_ text: String) -> Duration {
      (0..<3).map { _ in clock.measure { _ = tokenizer.count(text) } }.min()!
    }
    // A quadratic step takes 16 times as long, minutes at this size. The slack is for caches that no longer
    // fit, and for other work on the machine.
    #expect(best(long) < best(short) * 9 + .seconds(5), "\(Self.patterns[index].name)")
  }
}
