/// Why bytes are not JSON, and where.
package struct JSONSyntaxError: Error, Equatable {
  /// Bytes before the offence.
  package let offset: Int
  package let reason: String
  /// Whether the bytes may well be JSON, but hold more values than the caller takes.
  package var isTooManyValues = false
}

/// A strict parser for one JSON value (RFC 8259).
///
/// Strings must be UTF-8, `\u` escapes must form whole characters, a key may not appear twice in one object,
/// and nesting ends at ``maximumDepth``: a hostile line costs no more than its length.
package struct JSONParser {
  package static let maximumDepth = 128

  private let bytes: [UInt8]
  private let maximumValues: Int
  private var valueCount = 0
  private var offset = 0

  /// - Parameter maximumValues: how many values there may be, each element and member counted. A value takes far more
  ///   memory than its text may.
  package static func parse(
    _ bytes: [UInt8], maximumValues: Int = .max
  ) throws(JSONSyntaxError) -> JSONValue {
    var parser = JSONParser(bytes: bytes, maximumValues: maximumValues)
    let value = try parser.parseValue(depth: 0)
    parser.skipWhiteSpace()
    guard parser.offset == bytes.count else {
      throw parser.failure("something follows the JSON value: \(parser.found)")
    }
    return value
  }

  private init(bytes: [UInt8], maximumValues: Int) {
    self.bytes = bytes
    self.maximumValues = maximumValues
  }

  private mutating func parseValue(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    guard depth <= Self.maximumDepth else {
      throw failure("arrays and objects are nested more than \(Self.maximumDepth) deep")
    }
    valueCount += 1
    guard valueCount <= maximumValues else {
      throw JSONSyntaxError(
        offset: offset, reason: "there are more than \(maximumValues) values", isTooManyValues: true)
    }
    skipWhiteSpace()
    switch peek {
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "{"): return try parseObject(depth: depth)
    case UInt8(ascii: "["): return try parseArray(depth: depth)
    case UInt8(ascii: "t"): return try parseWord("true", as: .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", as: .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", as: .null)
    case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte): return .number(try parseNumber())
    default: throw failure("expected a JSON value, found \(found)")
    }
  }

  private mutating func parseObject(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    offset += 1
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    skipWhiteSpace()
    if take(UInt8(ascii: "}")) { return .object([]) }
    while true {
      skipWhiteSpace()
      guard peek == UInt8(ascii: "\"") else { throw failure("expected a key in quotes, found \(found)") }
      let keyOffset = offset
      let key = try parseString()
      guard keys.insert(key).inserted else {
        throw JSONSyntaxError(offset: keyOffset, reason: "the same key appears twice in one object")
      }
      skipWhiteSpace()
      guard take(UInt8(ascii: ":")) else { throw failure("expected ':' after the key, found \(found)") }
      members.append(.init(key, try parseValue(depth: depth + 1)))
      skipWhiteSpace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw failure("expected ',' or '}', found \(found)") }
    }
  }

  private mutating func parseArray(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    offset += 1
    var elements: [JSONValue] = []
    skipWhiteSpace()
    if take(UInt8(ascii: "]")) { return .array([]) }
    while true {
      elements.append(try parseValue(depth: depth + 1))
      skipWhiteSpace()
      if take(UInt8(ascii: "]")) { return .array(elements) }
      guard take(UInt8(ascii: ",")) else { throw failure("expected ',' or ']', found \(found)") }
    }
  }

  private mutating func parseWord(
    _ word: StaticString, as value: JSONValue
  ) throws(JSONSyntaxError) -> JSONValue {
    let end = offset + word.utf8CodeUnitCount
    let matches =
      end <= bytes.count
      && word.withUTF8Buffer { expected in bytes[offset..<end].elementsEqual(expected) }
    guard matches else { throw failure("expected '\(word)'") }
    offset = end
    return value
  }

  /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
  private mutating func parseNumber() throws(JSONSyntaxError) -> String {
    let start = offset
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try skipDigits() }
    if take(UInt8(ascii: ".")) { try skipDigits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try skipDigits()
    }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func skipDigits() throws(JSONSyntaxError) {
    let start = offset
    while let byte = peek, Self.isDigit(byte) { offset += 1 }
    guard offset > start else { throw failure("expected a digit, found \(found)") }
  }

  private mutating func parseString() throws(JSONSyntaxError) -> String {
    offset += 1
    var content: [UInt8] = []
    while true {
      let run = offset
      while let byte = peek, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        offset += 1
      }
      content.append(contentsOf: bytes[run..<offset])
      guard let byte = peek else { throw failure("the string has no closing quote") }
      if take(UInt8(ascii: "\"")) { break }
      guard byte == UInt8(ascii: "\\") else {
        throw failure("a control character in a string must be written as an escape, found \(found)")
      }
      content.append(contentsOf: try parseEscape())
    }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw failure("the string before this place is not UTF-8")
    }
    return text
  }

  private mutating func parseEscape() throws(JSONSyntaxError) -> [UInt8] {
    let start = offset
    offset += 1
    defer { offset += 1 }
    switch peek {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [bytes[offset]]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): break
    default: throw JSONSyntaxError(offset: start, reason: "an unknown escape in a string")
    }
    let unpaired = JSONSyntaxError(offset: start, reason: "half of a surrogate pair in a string")
    let unit = try parseHexUnit()
    if let scalar = Unicode.Scalar(unit) { return Array(String(Character(scalar)).utf8) }
    guard UTF16.isLeadSurrogate(unit), offset + 2 < bytes.count,
      bytes[offset + 1] == UInt8(ascii: "\\"), bytes[offset + 2] == UInt8(ascii: "u")
    else { throw unpaired }
    offset += 2
    let second = try parseHexUnit()
    guard UTF16.isTrailSurrogate(second) else { throw unpaired }
    return Array(String(decoding: [unit, second], as: UTF16.self).utf8)
  }

  /// Four hexadecimal digits after the `u` at `offset`; leaves `offset` on the last of them.
  private mutating func parseHexUnit() throws(JSONSyntaxError) -> UInt16 {
    guard offset + 4 < bytes.count else { throw failure("expected four hexadecimal digits after \\u") }
    var unit: UInt16 = 0
    for byte in bytes[offset + 1...offset + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("expected four hexadecimal digits after \\u")
      }
      unit = unit << 4 | UInt16(digit)
    }
    offset += 4
    return unit
  }

  private mutating func skipWhiteSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    offset += 1
    return true
  }

  /// The byte at hand, for a sentence. Never more than one character of a user's text.
  private var found: String {
    guard let byte = peek else { return "the end" }
    return switch byte {
    case 0x21...0x7E: "'\(Character(Unicode.Scalar(byte)))'"
    case 0x20: "a space"
    case 0x80...: "a character outside ASCII"
    default: "the control character \(byte)"
    }
  }

  private func failure(_ reason: String) -> JSONSyntaxError {
    JSONSyntaxError(offset: offset, reason: reason)
  }
}
