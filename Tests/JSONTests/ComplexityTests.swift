import ForeignText
import Foundation
import JSON
import Testing

/// Hostile texts cost what their length costs: twice the text, twice the time.
@Suite(.serialized) struct ComplexityTests {
  /// Seconds of this thread for one parse; the least of several, so that other work of the machine does not
  /// count.
  private static func seconds(_ text: [UInt8], runs: Int) -> Double {
    (0..<runs).map { _ in
      let start = threadSeconds()
      _ = try? JSONParser.parse(text, unpairedSurrogates: .keep)
      return threadSeconds() - start
    }.min() ?? 0
  }

  private static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Fails where twice the text takes more than three times as long, twice in a row. Times below a
  /// millisecond say nothing and count as one.
  private static func expectLinear(_ name: String, _ make: (Int) -> String) {
    let lengths = [100_000, 200_000, 400_000]
    var times = lengths.map { seconds(Array(make($0).utf8), runs: 3) }
    for attempt in 0... {
      let ratios = zip(times.dropFirst(), times).map { max($0, 1e-3) / max($1, 1e-3) }
      if ratios.allSatisfy({ $0 < 3 }) { return }
      guard attempt < 2 else {
        Issue.record("\(name): \(times) s for \(lengths) bytes")
        return
      }
      times = lengths.map { seconds(Array(make($0).utf8), runs: 7) }
    }
  }

  private static let marks = "\u{301}\u{323}"

  private static func run(_ piece: String, _ bytes: Int) -> String {
    String(repeating: piece, count: bytes / piece.utf8.count)
  }

  @Test func parsingIsLinear() {
    Self.expectLinear("marks in a value") { "\"a\(Self.run(Self.marks, $0))\"" }
    Self.expectLinear("marks in a key") { "{\"a\(Self.run(Self.marks, $0))\":1}" }
    Self.expectLinear("keys of marks") { bytes in
      let keys = (0..<bytes / 110).map { "\"\($0)\(Self.run(Self.marks, 100))\":1" }
      return "{\(keys.joined(separator: ","))}"
    }
    Self.expectLinear("one letter") { "\"\(Self.run("a", $0))\"" }
    Self.expectLinear("spaces") { "[\(Self.run(" ", $0))]" }
    Self.expectLinear("escapes") { "\"\(Self.run(#"\n"#, $0))\"" }
    Self.expectLinear("escaped scalars") { "\"\(Self.run(#"\u0301\u0323"#, $0))\"" }
    Self.expectLinear("halves of pairs") { "\"\(Self.run(#"\ud83d"#, $0))\"" }
    Self.expectLinear("nesting that is refused") { Self.run("[", $0) }
    Self.expectLinear("nesting again and again") {
      "[\(Self.run("[[[[]]]],", $0))0]"
    }
    Self.expectLinear("many keys") { bytes in
      "{\((0..<bytes / 12).map { "\"k\($0)\":0" }.joined(separator: ","))}"
    }
    Self.expectLinear("digits") { Self.run("7", $0) }
  }

  /// The comparisons that decoders use.
  @Test func comparingIsLinear() throws {
    func value(_ bytes: Int) -> String { "a\(Self.run(Self.marks, bytes))" }
    for bytes in [1 << 20] {
      let start = Self.threadSeconds()
      let text = value(bytes)
      #expect(!text.hasBytes(of: "model"))
      #expect(JSONValue.string(text) != .string(value(bytes) + "x"))
      #expect(JSONValue.object([.init(text, .null)])["model"] == nil)
      // Canonical equivalence takes hours for so many marks.
      #expect(Self.threadSeconds() - start < 5)
    }
  }
}
