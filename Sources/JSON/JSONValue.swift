/// A JSON value as it was written: numbers keep their digits and objects their order, so that an id can be
/// echoed exactly as it was given.
package indirect enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// The number's own characters, checked against the grammar.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  package struct Member: Equatable, Sendable {
    package let key: String
    package let value: JSONValue

    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// The value of `key`, or nil where this is no object or has no such key.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// What a sentence calls the value: `a number`, `an object`.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .number: "a number"
    case .string: "a string"
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
