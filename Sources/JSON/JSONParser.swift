/// Why bytes are not JSON, and where.
package struct JSONSyntaxError: Error, Equatable {
  /// Bytes before the offence.
  package let offset: Int
  package let reason: String
  /// Whether the bytes may well be JSON, but hold more values than the caller takes.
  package var isTooManyValues = false
}

/// A strict parser for one JSON value (RFC 8259), in time and memory proportional to the text.
///
/// Strings must be UTF-8, `\u` escapes must form whole characters unless the caller takes halves, and nesting
/// ends at ``maximumDepth``. Keys are bytes: a key may not appear twice in one object nor exceed
/// ``maximumKeyLength``. Swift compares and hashes a `String` by canonical equivalence, which takes quadratic
/// time for a long run of combining marks and makes the two spellings of `é` one key; so no key is compared
/// as a `String` here.
package struct JSONParser {
  package static let maximumDepth = 128
  /// Bytes of one key, escapes resolved.
  package static let maximumKeyLength = 256

  /// What becomes of half of a surrogate pair, such as `\ud83d` alone, which the grammar allows and Unicode
  /// does not.
  package enum UnpairedSurrogates: Sendable {
    case refuse
    /// The string becomes a ``JSONValue/illFormedString(_:)``. In a key a half is always refused.
    case keep
  }

  private let bytes: [UInt8]
  private let maximumValues: Int
  private let unpairedSurrogates: UnpairedSurrogates
  private var valueCount = 0
  private var offset = 0

  /// - Parameters:
  ///   - maximumValues: how many values there may be, each element and member counted. A value takes far more
  ///     memory than its text may.
  ///   - unpairedSurrogates: what becomes of halves of surrogate pairs in values.
  package static func parse(
    _ bytes: [UInt8], maximumValues: Int = .max, unpairedSurrogates: UnpairedSurrogates = .refuse
  ) throws(JSONSyntaxError) -> JSONValue {
    var parser = JSONParser(
      bytes: bytes, maximumValues: maximumValues, unpairedSurrogates: unpairedSurrogates)
    let value = try parser.parseValue(depth: 0)
    parser.skipWhiteSpace()
    guard parser.offset == bytes.count else {
      throw parser.failure("something follows the JSON value: \(parser.found)")
    }
    return value
  }

  private init(bytes: [UInt8], maximumValues: Int, unpairedSurrogates: UnpairedSurrogates) {
    self.bytes = bytes
    self.maximumValues = maximumValues
    self.unpairedSurrogates = unpairedSurrogates
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
    case UInt8(ascii: "\""):
      let (text, isWellFormed) = try parseString()
      return isWellFormed ? .string(text) : .illFormedString(text)
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
    var keys: Set<[UInt8]> = []
    skipWhiteSpace()
    if take(UInt8(ascii: "}")) { return .object([]) }
    while true {
      skipWhiteSpace()
      guard peek == UInt8(ascii: "\"") else { throw failure("expected a key in quotes, found \(found)") }
      let keyOffset = offset
      let key = try parseKey()
      guard keys.insert(Array(key.utf8)).inserted else {
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

  private mutating func parseKey() throws(JSONSyntaxError) -> String {
    let start = offset
    let (key, isWellFormed) = try parseString()
    guard isWellFormed else { throw JSONSyntaxError(offset: start, reason: Self.halfOfAPair) }
    guard key.utf8.count <= Self.maximumKeyLength else {
      throw JSONSyntaxError(
        offset: start,
        reason: "a key has \(key.utf8.count) bytes, but at most \(Self.maximumKeyLength) are allowed")
    }
    return key
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

  private static let halfOfAPair = "half of a surrogate pair in a string"

  /// - Returns: the text, with U+FFFD for each half of a surrogate pair, and whether it has no such half.
  private mutating func parseString() throws(JSONSyntaxError) -> (text: String, isWellFormed: Bool) {
    offset += 1
    let start = offset
    skipPlainCharacters()
    if peek == UInt8(ascii: "\"") {
      let text = try text(bytes[start..<offset])
      offset += 1
      return (text, true)
    }
    var content = Array(bytes[start..<offset])
    var isWellFormed = true
    while true {
      guard let byte = peek else { throw failure("the string has no closing quote") }
      if take(UInt8(ascii: "\"")) { break }
      guard byte == UInt8(ascii: "\\") else {
        throw failure("a control character in a string must be written as an escape, found \(found)")
      }
      try parseEscape(into: &content, &isWellFormed)
      let run = offset
      skipPlainCharacters()
      content.append(contentsOf: bytes[run..<offset])
    }
    return (try text(content[...]), isWellFormed)
  }

  /// Up to the next quote, backslash or control character, or the end.
  private mutating func skipPlainCharacters() {
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
      offset += 1
    }
  }

  private func text(_ content: ArraySlice<UInt8>) throws(JSONSyntaxError) -> String {
    guard let text = String(validating: content, as: UTF8.self) else {
      throw failure("the string before this place is not UTF-8")
    }
    return text
  }

  private mutating func parseEscape(
    into content: inout [UInt8], _ isWellFormed: inout Bool
  ) throws(JSONSyntaxError) {
    let start = offset
    offset += 1
    defer { offset += 1 }
    switch peek {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(bytes[offset])
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"):
      if let scalar = try parseEscapedScalar() {
        content.append(contentsOf: UTF8.encode(scalar).unsafelyUnwrapped)
      } else {
        guard unpairedSurrogates == .keep else {
          throw JSONSyntaxError(offset: start, reason: Self.halfOfAPair)
        }
        isWellFormed = false
        content.append(contentsOf: [0xEF, 0xBF, 0xBD])
      }
    default: throw JSONSyntaxError(offset: start, reason: "an unknown escape in a string")
    }
  }

  /// The scalar of the escape, or pair of escapes, at whose `u` `offset` is; nil for half of a pair. Leaves
  /// `offset` on the last digit that was used.
  private mutating func parseEscapedScalar() throws(JSONSyntaxError) -> Unicode.Scalar? {
    let unit = try parseHexUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard UTF16.isLeadSurrogate(unit), offset + 2 < bytes.count,
      bytes[offset + 1] == UInt8(ascii: "\\"), bytes[offset + 2] == UInt8(ascii: "u")
    else { return nil }
    let end = offset
    offset += 2
    let second = try parseHexUnit()
    guard UTF16.isTrailSurrogate(second) else {
      // The second escape stands for itself.
      offset = end
      return nil
    }
    return Unicode.Scalar(0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(second & 0x3FF)))
  }

  /// Four hexadecimal digits after the `u` at `offset`; leaves `offset` on the last of them.
  private mutating func parseHexUnit() throws(JSONSyntaxError) -> UInt16 {
    guard offset + 4 < bytes.count else { throw failure("expected four hexadecimal digits after \\u") }
    var unit: UInt16 = 0
    for byte in bytes[offset + 1...offset + 4] {
      guard let digit = Self.hexadecimalValue(byte) else {
        throw failure("expected four hexadecimal digits after \\u")
      }
      unit = unit << 4 | digit
    }
    offset += 4
    return unit
  }

  private static func hexadecimalValue(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
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
