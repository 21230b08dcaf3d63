import JSON
import Logging

/// How a line of the log looks.
package enum LogFormat: String, CaseIterable, Sendable {
  /// For people: `2026-01-31T12:00:00.000Z info  request status=200 …`.
  case text
  /// For programs: one JSON object a line.
  case json

  /// One line with its end. Line ends inside of values are escaped: nobody can write a line of their own.
  func line(
    time: String, level: Logger.Level, message: String, metadata: [(key: String, value: Logger.MetadataValue)]
  ) -> [UInt8] {
    var line: [UInt8] = []
    switch self {
    case .text:
      line.append("\(time) \(level.rawValue.padded(to: 7)) \(message.escapedForTerminal)")
      for (key, value) in metadata { line.append(" \(key)=\(Self.word(value.plainText))") }
    case .json:
      let members: [JSONValue.Member] =
        [
          .init("time", .string(time)), .init("level", .string(level.rawValue)),
          .init("message", .string(message)),
        ] + metadata.map { .init($0.key, $0.value.json) }
      line.append(json: .object(members))
    }
    line.append(UInt8(ascii: "\n"))
    return line
  }

  /// A value of the text format: in quotes where it could be taken for several.
  private static func word(_ text: String) -> String {
    let isPlain =
      !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") }
    if isPlain { return text }
    var quoted: [UInt8] = []
    quoted.append(json: text)
    return String(decoding: quoted, as: UTF8.self).escapedForTerminal
  }
}

extension Logger.MetadataValue {
  fileprivate var plainText: String {
    switch self {
    case .string(let text): text
    case .stringConvertible(let value): value.description
    case .array, .dictionary: "\(self)"
    }
  }

  /// Numbers and truth values stay what they are.
  fileprivate var json: JSONValue {
    switch self {
    case .string(let text): .string(text)
    case .stringConvertible(let value as Int): .number(value)
    case .stringConvertible(let value as Double): .number(value)
    case .stringConvertible(let value as Bool): .bool(value)
    case .stringConvertible(let value): .string(value.description)
    case .array(let values): .array(values.map(\.json))
    case .dictionary(let values):
      .object(values.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.json) })
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// Control characters, which could command a terminal or end the line, as `\u{…}`.
  fileprivate var escapedForTerminal: String {
    guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.properties.generalCategory == .control {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
}
