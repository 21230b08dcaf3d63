import ForeignText

/// A JSON value as it was written: numbers keep their digits and objects their order, so that an id can be
/// echoed exactly as it was given. Two values are equal where they have the same bytes.
package enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// The number's own characters, checked against the grammar.
  case number(String)
  case string(String)
  /// A string with half of a surrogate pair in it, which no text has: U+FFFD stands for each half. The parser
  /// makes it only for callers that ask for it (``JSONParser/UnpairedSurrogates/keep``).
  case illFormedString(String)
  case array([JSONValue])
  case object([Member])

  package struct Member: Equatable, Sendable {
    package let key: String
    package let value: JSONValue

    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }

    package static func == (first: Member, second: Member) -> Bool {
      first.key.hasBytes(of: second.key) && first.value == second.value
    }
  }

  package static func == (first: JSONValue, second: JSONValue) -> Bool {
    switch (first, second) {
    case (.null, .null): true
    case (.bool(let first), .bool(let second)): first == second
    case (.number(let first), .number(let second)), (.string(let first), .string(let second)),
      (.illFormedString(let first), .illFormedString(let second)):
      first.hasBytes(of: second)
    case (.array(let first), .array(let second)): first == second
    case (.object(let first), .object(let second)): first == second
    default: false
    }
  }

  /// The value of `key`, or nil where this is no object or has no such key.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key.hasBytes(of: key) }?.value
  }

  /// What a sentence calls the value: `a number`, `an object`.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .number: "a number"
    case .string: "a string"
    case .illFormedString: "a string with half of a surrogate pair"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONValue {
  package static func number(_ value: Int) -> JSONValue { .number(String(value)) }

  /// A number, or null for what JSON cannot hold.
  package static func number(_ value: Float) -> JSONValue {
    value.isFinite ? .number(value.description) : .null
  }

  package static func number(_ value: Double) -> JSONValue {
    value.isFinite ? .number(value.description) : .null
  }
}
