import ForeignText
import JSON
import TestSupport
import Testing

/// Hostile texts cost what their length costs.
@Suite(.serialized) struct ComplexityTests {
  private static func expectLinear(_ name: String, _ make: (Int) -> String) {
    let excess = Growth.excess(name, from: 1 << 15) { size in
      let text = Array(make(size).utf8)
      return { _ = try? JSONParser.parse(text, unpairedSurrogates: .keep) }
    }
    #expect(excess == nil)
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

  /// The comparisons that decoders use. Canonical equivalence takes hours for so many marks.
  @Test func comparingIsLinear() throws {
    func value(_ bytes: Int) -> String { "a\(Self.run(Self.marks, bytes))" }
    let excess = Growth.excess("comparisons", from: 1 << 15) { size in
      let text = value(size)
      let other = value(size) + "x"
      return {
        #expect(!text.hasBytes(of: "model"))
        #expect(JSONValue.string(text) != .string(other))
        #expect(JSONValue.object([.init(text, .null)])["model"] == nil)
      }
    }
    #expect(excess == nil)
  }
}
