import ForeignText
import JSON

/// Why a line is none of a golden set.
package enum GoldenFileError: Error, Equatable, CustomStringConvertible {
  case notAnObject(found: String)
  case field(String, String)
  case version(found: Int)

  package var description: String {
    switch self {
    case .notAnObject(let found): "expected an object of a golden set, found \(found)"
    case .field(let name, let reason): "\"\(name)\" \(reason)"
    case .version(let found):
      "the golden set has format \(found), but this program reads \(GoldenHeader.formatVersion)"
    }
  }
}

/// The members of a JSON object by name, with a sentence for what is missing or of another kind.
struct JSONFields {
  private let value: JSONValue

  init(_ value: JSONValue) { self.value = value }

  private func field(_ name: String) throws(GoldenFileError) -> JSONValue {
    guard case .object = value else { throw .notAnObject(found: value.kind) }
    guard let field = value[name] else { throw .field(name, "is missing: this is no line of a golden set") }
    return field
  }

  /// A string of at most so many bytes: it is compared, and Swift compares long strings of marks in quadratic
  /// time.
  func string(_ name: String, limit: Int = 256) throws(GoldenFileError) -> String {
    let text = try text(name)
    guard text.utf8.count <= limit else {
      throw .field(name, "has \(text.utf8.count) bytes, and at most \(limit) are read")
    }
    return text
  }

  /// A string of any length.
  private func text(_ name: String) throws(GoldenFileError) -> String {
    let field = try field(name)
    guard case .string(let text) = field else { throw .field(name, "must be a string, found \(field.kind)") }
    return text
  }

  func textIfPresent(_ name: String) throws(GoldenFileError) -> String? {
    switch value[name] {
    case nil, .null?: nil
    default: try text(name)
    }
  }

  func integer(_ name: String) throws(GoldenFileError) -> Int {
    let field = try field(name)
    guard case .number(let digits) = field, let integer = Int(digits) else {
      throw .field(name, "must be a whole number, found \(field.kind)")
    }
    return integer
  }

  func array(_ name: String) throws(GoldenFileError) -> [JSONValue] {
    let field = try field(name)
    guard case .array(let elements) = field else {
      throw .field(name, "must be an array, found \(field.kind)")
    }
    return elements
  }

  func object(_ name: String) throws(GoldenFileError) -> JSONValue {
    let field = try field(name)
    guard case .object = field else { throw .field(name, "must be an object, found \(field.kind)") }
    return field
  }

  /// One of the values of an enumeration.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _: Choice.Type = Choice.self
  ) throws(GoldenFileError) -> Choice where Choice.RawValue == String {
    let text = try string(name)
    guard let choice = Choice(rawValue: text) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw .field(name, "is \(text.quoted(limit: 40)), but must be one of \(known)")
    }
    return choice
  }
}
