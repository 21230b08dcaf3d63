import Foundation
import JSON
import Testing

struct JSONTests {
  private func parse(_ text: String) throws(JSONSyntaxError) -> JSONValue {
    try JSONParser.parse(Array(text.utf8))
  }

  @Test func valuesKeepTheirSpelling() throws {
    #expect(try parse("1.50") == .number("1.50"))
    #expect(try parse(" -0e+9 ") == .number("-0e+9"))
    #expect(try parse("[true,false,null]") == .array([.bool(true), .bool(false), .null]))
    #expect(
      try parse("{\"b\":1,\"a\":{}}") == .object([.init("b", .number("1")), .init("a", .object([]))]))
  }

  @Test func escapesBecomeCharacters() throws {
    #expect(try parse(#""\"\\\/\b\f\n\r\t""#) == .string("\"\\/\u{8}\u{C}\n\r\t"))
    #expect(try parse(#""\u00e9\uD83D\uDE00\u0000""#) == .string("é😀\0"))
  }

  @Test(arguments: [
    ("", 0), ("tru", 0), ("01", 1), ("1.", 2), ("-", 1), ("1e", 2), ("\"a", 2), ("[1,]", 3), ("[1 2]", 3),
    ("{\"a\"}", 4), ("{a:1}", 1), ("{\"a\":1,}", 7), ("{\"a\":1,\"a\":2}", 7), ("1 2", 2), (#""\x""#, 1),
    (#""\ud800""#, 1), (#""\ud800\u0041""#, 1), (#""\udc00""#, 1), (#""\u00g0""#, 2), ("\"\u{1}\"", 1),
    ("NaN", 0),
  ])
  func wrongTextNamesItsPlace(text: String, offset: Int) {
    #expect { try parse(text) } throws: { ($0 as? JSONSyntaxError)?.offset == offset }
  }

  /// RFC 8259: keys are compared code point by code point, and so are values here.
  @Test func composedAndDecomposedKeysAreTwo() throws {
    let composed = "\u{E9}"
    let decomposed = "e\u{301}"
    let value = try parse("{\"\(composed)\":1,\"\(decomposed)\":2}")
    #expect(value[composed] == .number("1"))
    #expect(value[decomposed] == .number("2"))
    #expect(JSONValue.string(composed) != .string(decomposed))
    #expect(JSONValue.object([.init(composed, .null)]) != .object([.init(decomposed, .null)]))
  }

  @Test func longKeysAreRefused() throws {
    let longest = String(repeating: "k", count: JSONParser.maximumKeyLength)
    #expect(try parse("{\"\(longest)\":1}")[longest] == .number("1"))
    let error = #expect(throws: JSONSyntaxError.self) { try parse("{\"\(longest)k\":1}") }
    #expect(error?.offset == 1)
    #expect(error?.reason == "a key has 257 bytes, but at most 256 are allowed")
  }

  @Test func halvesOfSurrogatePairsAreKeptWhereTheCallerTakesThem() throws {
    func keep(_ text: String) throws -> JSONValue {
      try JSONParser.parse(Array(text.utf8), unpairedSurrogates: .keep)
    }
    #expect(try keep(#""a\ud83d""#) == .illFormedString("a\u{FFFD}"))
    #expect(try keep(#""\ude00b""#) == .illFormedString("\u{FFFD}b"))
    #expect(try keep(#""\ud83d\ud83d\ude00""#) == .illFormedString("\u{FFFD}😀"))
    #expect(try keep(#""\ud83dA""#) == .illFormedString("\u{FFFD}A"))
    #expect(try keep(#""\ud83d\ude00""#) == .string("😀"))
    #expect(throws: JSONSyntaxError.self) { try keep(#"{"\ud83d":1}"#) }
    #expect(throws: JSONSyntaxError.self) { try keep(#""\ud83d\u12""#) }
  }

  @Test func nestingIsBounded() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(throws: Never.self) { try parse(nested(JSONParser.maximumDepth)) }
    #expect(throws: JSONSyntaxError.self) { try parse(nested(1_000_000)) }
  }

  @Test func bytesThatAreNotUTF8AreRefused() {
    #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
  }

  /// What one parser of ours writes, another one reads.
  @Test func stringsAreReadBack() throws {
    let text = (0...0x2FF).compactMap(Unicode.Scalar.init).map(String.init).joined() + "\u{2028}😀\"\\/"
    var bytes: [UInt8] = []
    bytes.append(json: text)
    let read = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    #expect(read as? String == text)
    #expect(try JSONParser.parse(bytes) == .string(text))
  }

  @Test func floatsAreReadBackExactly() throws {
    var generator = SystemRandomNumberGenerator()
    var values: [Float] = [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e-5, 0.1, -1]
    while values.count < 20_000 {
      let value = Float(bitPattern: generator.next())
      if value.isFinite { values.append(value) }
    }
    var bytes: [UInt8] = []
    bytes.append(json: values[...])
    guard case .array(let elements) = try JSONParser.parse(bytes) else {
      Issue.record("not an array")
      return
    }
    let read = elements.map { element -> UInt32? in
      guard case .number(let digits) = element else { return nil }
      return Float(digits)?.bitPattern
    }
    #expect(read == values.map(\.bitPattern))
  }
}
