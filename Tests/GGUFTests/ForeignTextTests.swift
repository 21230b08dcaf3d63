import ForeignText
import GGUF
import Testing

/// Text from files in sentences, and its comparison.
@Suite struct ForeignTextTests {
  @Test func escapesWhateverSteersATerminal() {
    #expect("plain é 中".quoted == "'plain é 中'")
    #expect(
      "\u{1B}]0;t\u{07}\r\n\t\u{7F}\u{9B}".quoted == "'\\u{1b}]0;t\\u{7}\\u{d}\\u{a}\\u{9}\\u{7f}\\u{9b}'")
    #expect(
      "\u{202E}\u{2066}\u{200B}\u{2028}\u{FEFF}".quoted == "'\\u{202e}\\u{2066}\\u{200b}\\u{2028}\\u{feff}'")
    #expect("\u{E000}\u{10FFFF}".quoted == "'\\u{e000}\\u{10ffff}'")
    #expect("/tmp/\u{1B}[31m".escaped == "/tmp/\\u{1b}[31m")
  }

  @Test func keepsAHundredCharactersAndSaysTheLength() {
    let hundred = String(repeating: "é", count: 100)
    #expect(hundred.quoted == "'\(hundred)'")
    #expect((hundred + "x").quoted == "'\(hundred)…' (201 bytes)")
    #expect(String(repeating: "\u{301}", count: 70_000).quoted.utf8.count < 300)
    #expect(["a", "b"].quotedList() == "'a', 'b'")
    #expect(["a", "b", "c", "d", "e"].quotedList() == "'a', 'b', 'c', 'd' and 1 more")
  }

  /// Two spellings of one letter look alike and are two keys.
  @Test func comparesBytes() {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    #expect(composed == decomposed)
    #expect(!composed.hasBytes(of: decomposed))
    #expect(ByteString(composed) != ByteString(decomposed))
    #expect(Set([composed, decomposed, composed].map { ByteString($0) }).count == 2)
    #expect("ab".dropFirst().hasBytes(of: "b"))
    #expect(!"b".hasBytes(of: "bb"))
  }

  @Test func keysAndTensorsAreToldApartByTheirBytes() throws {
    var metadata = Metadata()
    metadata["\u{E9}"] = .uint8(1)
    metadata["e\u{301}"] = .uint8(2)
    #expect(metadata.entries.count == 2)
    #expect(metadata["\u{E9}"] == .uint8(1))
    metadata["\u{E9}"] = nil
    #expect(metadata["\u{E9}"] == nil)
    #expect(metadata["e\u{301}"] == .uint8(2))

    let file = try open(
      FileBytes.tensors(
        .init(name: Array("\u{E9}".utf8)), .init(name: Array("e\u{301}".utf8), dimensions: [8], offset: 32),
        dataByteCount: 64
      ).bytes)
    #expect(try file.tensor(named: "\u{E9}").elementCount == 4)
    #expect(try file.tensor(named: "e\u{301}").elementCount == 8)
  }
}
