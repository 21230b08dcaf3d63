import Testing
import TouchstoneCommand

struct DisplayTests {
  @Test(arguments: [
    ("abc", 3), ("", 0), ("日本語", 6), ("한국어", 6), ("é", 1), ("e\u{301}", 1), ("ｆｕｌｌ", 8), ("ﾊﾝｶｸ", 4),
    ("😀", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("👍🏽", 2), ("❤️", 2), ("✓", 1), ("\u{200B}", 0), ("नमस्ते", 4), ("שלום", 4),
    ("각", 2),
  ])
  func textTakesItsColumns(text: String, width: Int) {
    #expect(DisplayText.width(of: text) == width)
  }

  @Test func cutsFallBetweenCharacters() {
    #expect(DisplayText.cut("abcdef", to: 6) == "abcdef")
    #expect(DisplayText.cut("abcdef", to: 4) == "abc…")
    #expect(DisplayText.cut("日本語", to: 4) == "日…")
    #expect(DisplayText.cut("e\u{301}e\u{301}e\u{301}", to: 2) == "e\u{301}…")
    #expect(DisplayText.cut("abc", to: 0) == "")
    #expect(DisplayText.padded("日本", to: 6) == "日本  ")
    #expect(DisplayText.padded("日本語", to: 4) == "日… ")
  }

  @Test func textCannotSteerTheTerminal() {
    #expect(DisplayText.oneLine("a\nb\tc\u{1B}[31m\u{7F}\u{9B}\u{202E}") == "a⏎b c␛[31m␡\u{FFFD}\u{FFFD}")
  }

  @Test func decimalsAreRounded() {
    #expect(Decimal.text(0.12345, digits: 3) == "0.123")
    #expect(Decimal.text(-0.9996, digits: 3, width: 8) == "  -1.000")
    #expect(Decimal.text(-0.0001, digits: 3) == "0.000")
    #expect(Decimal.text(12.5, digits: 0) == "13")
    #expect(Decimal.text(1e300, digits: 3) == "1e+300")
  }

  @Test func largeNumbersAreGrouped() {
    #expect(
      [0, 999, 1000, 1_234_567, -1000].map(Decimal.grouped) == ["0", "999", "1,000", "1,234,567", "-1,000"])
  }

  @Test func shadesGrowDarker() {
    #expect(Shade.paint("x", similarity: 0) == "\u{1B}[48;2;255;255;255m\u{1B}[30mx\u{1B}[0m")
    #expect(Shade.paint("x", similarity: 2) == Shade.paint("x", similarity: 1))
    #expect(Shade.paint("x", similarity: -1) == Shade.paint("x", similarity: 0))
  }
}
