import JSON

/// A JSON Lines file of texts: a line is a string, or an object with "text" and optional "id" (a string or a
/// number) and "instruct". Other keys are ignored, so that records can carry more; blank lines are too.
package final class JSONLinesReader: InputReader {
  private let lines: LineReader
  private var index = 0
  /// Told of keys that look like misspelled ones, each once.
  private let warn: (String) -> Void
  private var warnedKeys: Set<String> = []

  package init(_ lines: LineReader, warn: @escaping (String) -> Void = StandardError.say) {
    self.lines = lines
    self.warn = warn
  }

  package var wouldBlock: Bool { lines.wouldBlock }
  package var fractionRead: Double? { lines.fractionRead }

  package func next() throws(CommandError) -> InputItem? {
    while let line = try lines.next() {
      if line.isBlank { continue }
      // Also for a line that is no text: whoever skips it finds the others under their own numbers.
      defer { index += 1 }
      guard let value = try line.json(in: lines.name) else { continue }
      return try item(value, at: InputLocation(source: .file(lines.name), number: line.number))
    }
    return nil
  }

  private func item(_ value: JSONValue, at location: InputLocation) throws(CommandError) -> InputItem {
    switch value {
    case .string(let text):
      return InputItem(location: location, index: index, text: text)
    case .object(let members):
      guard let text = try string("text", of: value, at: location) else {
        throw .input(location, reason: "the object has no \"text\"" + Self.found(members))
      }
      note(members, at: location)
      return InputItem(
        location: location, index: index, id: try id(of: value, at: location), text: text,
        task: try string("instruct", of: value, at: location))
    default:
      throw .input(
        location,
        reason:
          "expected a JSON string or an object with \"text\", found \(value.kind)\(Self.plainTextRemedy)")
    }
  }

  private static let keys = ["text", "id", "instruct"]
  /// What other programs call the instruction.
  private static let otherNames = ["instruction"]

  /// Other keys are ignored. One that looks like a known one may be meant.
  private func note(_ members: [JSONValue.Member], at location: InputLocation) {
    guard members.count <= 64, warnedKeys.count < 8 else { return }
    for member in members where member.key.utf8.count <= 32 {
      let meant =
        Self.otherNames.contains(member.key)
        ? "instruct" : Spelling.nearest(to: member.key, among: Self.keys)
      guard let meant, !members.contains(where: { $0.key == meant }), warnedKeys.insert(member.key).inserted
      else { continue }
      warn(
        "\(location): the key \(Self.quoted(member.key)) is ignored; did you mean \(Self.quoted(meant))?")
    }
  }

  /// What an object has in place of a text.
  private static func found(_ members: [JSONValue.Member]) -> String {
    guard !members.isEmpty else { return "" }
    return ", but " + members.prefix(4).map { quoted($0.key) }.joined(separator: ", ")
      + (members.count > 4 ? ", …" : "")
  }

  private static func quoted(_ key: String) -> String {
    "\"\(DisplayText.cut(DisplayText.oneLine(String(key.unicodeScalars.prefix(40))), to: 40))\""
  }

  private func string(
    _ key: String, of object: JSONValue, at location: InputLocation
  ) throws(CommandError) -> String? {
    switch object[key] {
    case nil: return nil
    case .string(let text)?: return text
    case .null? where key != "text": return nil
    case let other?: throw .input(location, reason: "\"\(key)\" must be a string, found \(other.kind)")
    }
  }

  private func id(of object: JSONValue, at location: InputLocation) throws(CommandError) -> JSONValue? {
    switch object["id"] {
    case nil, .null?: return nil
    case .string(let text)?: return .string(text)
    case .number(let digits)?: return .number(digits)
    case let other?:
      throw .input(location, reason: "\"id\" must be a string or a number, found \(other.kind)")
    }
  }

  static let plainTextRemedy = "; for plain text, one a line, add --lines"
}

extension LineReader.Line {
  /// JSON values of one line: a value takes some thirty times the memory of its text.
  private static let valueLimit = 1 << 22

  fileprivate var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }

  /// The line's JSON value, or nil for a line of white space.
  func json(in source: String) throws(CommandError) -> JSONValue? {
    if isBlank { return nil }
    do {
      return try JSONParser.parse(bytes, maximumValues: Self.valueLimit)
    } catch {
      _ = try text(at: InputLocation(source: .file(source), number: number))
      let before = String(decoding: bytes[..<error.offset], as: UTF8.self)
      let isFirst = before.allSatisfy(\.isWhitespace)
      throw .input(
        InputLocation(source: .file(source), number: number, column: before.unicodeScalars.count + 1),
        reason: error.reason + (isFirst ? JSONLinesReader.plainTextRemedy : ""))
    }
  }
}
