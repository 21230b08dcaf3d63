import JSON

/// JSON with hostile keys and values, whole and damaged: what is parsed says the same when it is written and
/// parsed again.
enum JSONFuzzing {
  static func run(_ decisions: inout Decisions) throws {
    var text: [UInt8] = []
    appendValue(to: &text, depth: 0, &decisions)
    for _ in 0..<decisions.below(4) where !text.isEmpty {
      let position = decisions.index(in: text)
      switch decisions.below(4) {
      case 0: text[position] = decisions.byte()
      case 1: text.removeSubrange(position..<min(text.count, position + 1 + decisions.below(8)))
      case 2: text.insert(contentsOf: decisions.bytes(atMost: 6), at: position)
      default: text.insert(contentsOf: decisions.element(of: tokens).utf8, at: position)
      }
    }
    try check(text, maximumValues: decisions.chance(1, in: 8) ? decisions.below(8) : 1 << 16)
  }

  static func check(_ text: [UInt8], maximumValues: Int) throws {
    let value: JSONValue
    do {
      value = try JSONParser.parse(text, maximumValues: maximumValues)
    } catch {
      try demand(
        (0...text.count).contains(error.offset), "an error is at \(error.offset) of \(text.count) bytes")
      return try demand(!error.reason.isEmpty, "an error has no reason")
    }
    var written: [UInt8] = []
    written.append(json: value)
    guard let again = try? JSONParser.parse(written) else {
      throw Finding(description: "own JSON is refused")
    }
    var rewritten: [UInt8] = []
    rewritten.append(json: again)
    try demand(written == rewritten, "a value changes when it is written and read")
  }

  private static func appendValue(to text: inout [UInt8], depth: Int, _ decisions: inout Decisions) {
    if decisions.isExhausted || depth > 300 { return text.append("1") }
    switch decisions.below(10) {
    case 0, 1, 2:
      text.append("{")
      for index in 0..<decisions.below(6) {
        if index > 0 { text.append(",") }
        appendString(to: &text, &decisions)
        text.append(":")
        appendValue(to: &text, depth: depth + 1, &decisions)
      }
      text.append("}")
    case 3, 4:
      text.append("[")
      for index in 0..<decisions.below(6) {
        if index > 0 { text.append(",") }
        appendValue(to: &text, depth: depth + 1, &decisions)
      }
      text.append("]")
    case 5, 6: appendString(to: &text, &decisions)
    case 7: text.append(decisions.element(of: numbers))
    case 8:
      let nesting = 1 << decisions.below(9)
      let (open, close) = decisions.chance(1, in: 2) ? ("[", "]") : ("{\"a\":", "}")
      text.append(String(repeating: open, count: nesting) + "0" + String(repeating: close, count: nesting))
    default: text.append(decisions.element(of: tokens))
    }
  }

  private static func appendString(to text: inout [UInt8], _ decisions: inout Decisions) {
    text.append("\"")
    for _ in 0..<decisions.below(4) {
      switch decisions.below(5) {
      case 0: text.append(decisions.element(of: names))
      case 1: text.append(decisions.element(of: escapes))
      case 2: text.append(String(repeating: "\u{301}\u{323}", count: 1 << decisions.below(9)))
      case 3: text += FuzzTexts.bytes([], &decisions).filter { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }
      default: text += decisions.bytes(atMost: 3)
      }
    }
    text.append("\"")
  }

  private static let names = ["input", "model", "é", "e\u{301}", "dimensions", "a", "instruct", "text", "id"]
  private static let tokens = [
    "true", "false", "null", " ", "\n", ",", ":", "[", "]", "{", "}", "\"", "\\", "tru",
  ]
  private static let numbers = [
    "0", "-0", "1", "-1", "1.0", "1e5", "1E-5", "01", "1.", ".5", "+1", "1e", "--1", "1e999", "-1e-999",
    "9223372036854775807", "9223372036854775808", "18446744073709551616", "0.30000000000000004", "NaN",
  ]
  private static let escapes = [
    "\\n", "\\\"", "\\\\", "\\/", "\\u0000", "\\u00e9", "\\ud83d\\ude00", "\\ud83d", "\\ude00",
    "\\ud83d\\u0041",
    "\\u12", "\\x", "\\u003c", "\\uFFFF", "\\ud83d\\",
  ]
}
