import Testing
import TouchstoneCommand

struct ProgressTests {
  @Test func reportsRateAndTimeLeft() {
    #expect(
      Progress.report((2247, 38288), 4, fraction: 0.25)
        == "25 %, 2,247 texts, 38,288 tokens, 9,572 tokens/s, 12 s left")
    // What an earlier run has done took no time of this one.
    #expect(
      Progress.report((10, 100), 10, fraction: 0.75, since: 0.5)
        == "75 %, 10 texts, 100 tokens, 10 tokens/s, 10 s left")
    #expect(Progress.report((1, 1), 1, fraction: 0.5) == "50 %, 1 text, 1 token, 1 tokens/s")
    #expect(Progress.report((3, 9), 3, fraction: nil) == "3 texts, 9 tokens, 3 tokens/s")
  }

  @Test func endsWithWhatWasDone() {
    #expect(
      Progress.summary((10_000, 1_234_567), 123)
        == "10,000 texts, 1,234,567 tokens in 2 min 3 s, 10,037 tokens/s")
    #expect(Progress.summary((0, 0), 0) == "0 texts, 0 tokens in 0.0 s, 0 tokens/s")
  }

  @Test(arguments: [
    (0.44, "0.4 s"), (42, "42 s"), (59.6, "1 min 0 s"), (185, "3 min 5 s"), (7800, "2 h 10 min"),
  ]) func spellsDurations(_ seconds: Double, _ text: String) {
    #expect(Progress.duration(seconds) == text)
  }

  @Test(
    arguments: [
      ("embbed", "embed"), ("tokenise", "tokenize"), ("serch", "search"), ("benhc", "bench"),
      ("Embed", "embed"),
      ("embed", nil), ("vectors", nil), ("x", nil), ("", nil),
    ] as [(String, String?)]) func findsWhatWasMeant(_ word: String, _ meant: String?)
  {
    #expect(
      Spelling.nearest(to: word, among: ["embed", "tokenize", "search", "bench", "serve", "check"]) == meant)
  }
}
