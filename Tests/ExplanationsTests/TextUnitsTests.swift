import Explanations
import Testing

struct TextUnitsTests {
  private func texts(_ units: [Range<Int>], of text: String) -> [String] {
    let bytes = Array(text.utf8)
    return units.map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  @Test(arguments: [
    ("one two  three", ["one ", "two  ", "three"]), ("  lead", ["  lead"]), ("", []), ("   ", ["   "]),
    ("it's well-known, yes", ["it's ", "well-known, ", "yes"]), ("猫が鳴く。yes", ["猫", "が", "鳴", "く。", "yes"]),
    ("a\nb\tc", ["a\n", "b\t", "c"]), ("Cafe\u{301} naïve", ["Cafe\u{301} ", "naïve"]),
    ("สวัสดี ok", ["ส", "วั", "ส", "ดี ", "ok"]), ("👩‍👩‍👧 family", ["👩‍👩‍👧 ", "family"]),
  ])
  func wordsTouchAndCoverTheText(_ text: String, _ words: [String]) {
    #expect(texts(TextUnits.words(of: text), of: text) == words)
  }

  @Test(arguments: [
    ("One. Two? Three!", ["One. ", "Two? ", "Three!"]),
    ("Version 3.14 is out. Yes", ["Version 3.14 is out. ", "Yes"]),
    ("猫が鳴く。犬も。", ["猫が鳴く。", "犬も。"]), ("a line\nanother\n\nlast", ["a line\n", "another\n\n", "last"]),
    ("He said \"no.\" Then left.", ["He said \"no.\" ", "Then left."]), ("no end", ["no end"]), ("", []),
  ])
  func sentencesTouchAndCoverTheText(_ text: String, _ sentences: [String]) {
    #expect(texts(TextUnits.sentences(of: text), of: text) == sentences)
  }

  @Test func aUnitGoesWithItsSpace() {
    let text = "one two three"
    let rests = TextUnits.words(of: text).map { TextUnits.text(text, without: $0) }
    #expect(rests == ["two three", "one three", "one two"])
    #expect(TextUnits.text("one", without: 0..<3) == "")
    #expect(TextUnits.text(" a  ", without: 0..<4) == "")
  }

  @Test(arguments: [1, 2, 3, 7, 10, 100])
  func joinedUnitsCoverTheSame(_ most: Int) {
    let text = (0..<10).map(String.init).joined(separator: " ")
    let units = TextUnits.joined(TextUnits.words(of: text), atMost: most)
    #expect(units.count == min(most, 10))
    #expect(texts(units, of: text).joined() == text)
  }
}
