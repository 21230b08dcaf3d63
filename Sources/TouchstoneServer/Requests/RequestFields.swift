import JSON

/// The fields of a request's JSON object, read by name.
///
/// A field that is null counts as absent: clients send their unset options so. Fields that nobody asks for are ignored, as
/// all the originals do. Errors name the field and never quote its value: it may be a user's text.
package struct RequestFields {
  private let body: JSONValue
  /// Put before the names in errors: `inputs.` in an object within the object.
  private let prefix: String

  /// - Throws: ``ServiceError/malformed(_:)`` where the bytes are not JSON, or not an object.
  package init(parsing bytes: [UInt8]) throws(ServiceError) {
    let value: JSONValue
    do { value = try JSONParser.parse(bytes) } catch {
      throw .malformed("the body is not JSON: \(error.reason), after \(error.offset) bytes")
    }
    try self.init(value)
  }

  package init(_ body: JSONValue, prefix: String = "") throws(ServiceError) {
    guard case .object = body else { throw .malformed("the body must be a JSON object, but is \(body.kind)") }
    self.body = body
    self.prefix = prefix
  }

  package subscript(name: String) -> JSONValue? {
    let value = body[name]
    return value == .null ? nil : value
  }

  package func contains(_ name: String) -> Bool { self[name] != nil }

  /// What a field's error is called by.
  package func path(_ name: String) -> String { prefix + name }

  package func string(_ name: String) throws(ServiceError) -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let text) = value else { throw mismatch(name, needed: "a string", found: value) }
    return text
  }

  package func bool(_ name: String) throws(ServiceError) -> Bool? {
    guard let value = self[name] else { return nil }
    guard case .bool(let bool) = value else { throw mismatch(name, needed: "true or false", found: value) }
    return bool
  }

  package func integer(_ name: String) throws(ServiceError) -> Int? {
    guard let value = self[name] else { return nil }
    guard case .number(let digits) = value else {
      throw mismatch(name, needed: "a whole number", found: value)
    }
    guard let integer = Int(digits) else { throw invalid(name, "must be a whole number") }
    return integer
  }

  /// A field that is an object.
  package func object(_ name: String) throws(ServiceError) -> RequestFields? {
    guard let value = self[name] else { return nil }
    guard case .object = value else { throw mismatch(name, needed: "an object", found: value) }
    return try RequestFields(value, prefix: path(name) + ".")
  }

  /// A field that is an array of strings, at least one.
  package func strings(_ name: String) throws(ServiceError) -> [String]? {
    guard let value = self[name] else { return nil }
    guard case .array(let elements) = value else {
      throw mismatch(name, needed: "an array of strings", found: value)
    }
    guard !elements.isEmpty else { throw invalid(name, "must have at least one element") }
    var strings: [String] = []
    strings.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard case .string(let text) = element else {
        throw mismatch("\(name)[\(index)]", needed: "a string", found: element)
      }
      strings.append(text)
    }
    return strings
  }

  /// A field that is one of the names of a choice.
  package func choice<Value>(_ name: String, among values: KeyValuePairs<String, Value>) throws(ServiceError)
    -> Value?
  {
    guard let text = try string(name) else { return nil }
    guard let match = values.first(where: { $0.key == text }) else {
      throw invalid(name, "must be " + Self.list(values.map(\.key)))
    }
    return match.value
  }

  /// The value of a field that must be there.
  package func required<Value>(_ name: String, _ value: Value?) throws(ServiceError) -> Value {
    guard let value else { throw invalid(name, "is missing") }
    return value
  }

  package func invalid(_ name: String, _ sentence: String) -> ServiceError {
    .invalid(parameter: path(name), sentence)
  }

  package func mismatch(_ name: String, needed: String, found: JSONValue) -> ServiceError {
    invalid(name, "must be \(needed), but is \(found.kind)")
  }

  /// `'a', 'b' or 'c'`.
  private static func list(_ names: [String]) -> String {
    let quoted = names.map { "'\($0)'" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }
}
