import JSON

/// The members of a request's JSON object, read by name and type. Every mismatch is a ``ServiceError`` with the member's
/// name. `null` counts as absent.
package struct RequestFields {
  private let members: [JSONValue.Member]
  /// Where the object stands in the body: `inputs.`; empty for the body itself.
  private let path: String

  package init(_ body: JSONValue, path: String = "") throws(ServiceError) {
    guard case .object(let members) = body else {
      throw .malformed("the body must be a JSON object, found \(body.kind)")
    }
    self.members = members
    self.path = path
  }

  package subscript(name: String) -> JSONValue? {
    guard let value = members.first(where: { $0.key == name })?.value, value != .null else { return nil }
    return value
  }

  /// Notes the members that nobody reads in ``IgnoredParameters/current``.
  package func reportUnknown(besides known: [String]) {
    guard let ignored = IgnoredParameters.current else { return }
    for member in members where member.value != .null && !known.contains(member.key) {
      ignored.add(path + member.key)
    }
  }

  package func string(_ name: String) throws(ServiceError) -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let text) = value else { throw Self.mismatch(name, "a string", value) }
    return text
  }

  package func bool(_ name: String) throws(ServiceError) -> Bool? {
    guard let value = self[name] else { return nil }
    guard case .bool(let flag) = value else { throw Self.mismatch(name, "true or false", value) }
    return flag
  }

  /// A whole number of at least `minimum`.
  package func integer(_ name: String, atLeast minimum: Int = 1) throws(ServiceError) -> Int? {
    guard let value = self[name] else { return nil }
    guard case .number(let digits) = value, let number = Int(digits) else {
      throw Self.mismatch(name, "a whole number", value)
    }
    guard number >= minimum else {
      throw .invalid(parameter: name, "must be at least \(minimum), found \(number)")
    }
    return number
  }

  /// One of several words.
  package func choice<Value>(_ name: String, _ values: [(word: String, value: Value)]) throws(ServiceError)
    -> Value?
  {
    guard let text = try string(name) else { return nil }
    guard let match = values.first(where: { $0.word == text }) else {
      throw .invalid(
        parameter: name, "must be one of \(values.map { "'\($0.word)'" }.joined(separator: ", "))")
    }
    return match.value
  }

  package static func mismatch(_ name: String, _ needed: String, _ found: JSONValue) -> ServiceError {
    .invalid(parameter: name, "must be \(needed), found \(found.kind)")
  }
}
