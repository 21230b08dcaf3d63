import JSON
import Touchstone

extension RequestFields {
  /// What `body` makes of a member that is an object; nil where it is absent. Errors name the path: `inputs.sentences`.
  package func nested<Result>(
    _ name: String, _ body: (RequestFields) throws(ServiceError) -> Result
  ) throws(ServiceError) -> Result? {
    guard let value = self[name] else { return nil }
    return try Self.nested(name, value, body)
  }

  package static func nested<Result>(
    _ name: String, _ value: JSONValue, _ body: (RequestFields) throws(ServiceError) -> Result
  ) throws(ServiceError) -> Result {
    guard case .object = value else { throw mismatch(name, "an object", value) }
    do {
      return try body(try RequestFields(value, path: "\(name)."))
    } catch .invalid(let parameter, let sentence) {
      throw .invalid(parameter: "\(name).\(parameter)", sentence)
    }
  }

  /// An array of strings, at least one.
  package func strings(_ name: String) throws(ServiceError) -> [String]? {
    guard let value = self[name] else { return nil }
    guard case .array(let elements) = value else { throw Self.mismatch(name, "an array of strings", value) }
    guard !elements.isEmpty else { throw .invalid(parameter: name, "is empty") }
    var strings: [String] = []
    strings.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard case .string(let text) = element else {
        throw Self.mismatch("\(name)[\(index)]", "a string", element)
      }
      strings.append(text)
    }
    return strings
  }

  /// The value of a member that must be there.
  package func required<Value>(_ name: String, _ value: Value?) throws(ServiceError) -> Value {
    guard let value else { throw .invalid(parameter: name, "is missing") }
    return value
  }

  /// An array of token ids.
  package static func tokenIDs(_ name: String, _ value: JSONValue) throws(ServiceError) -> [Int32] {
    guard case .array(let elements) = value else { throw mismatch(name, "an array of token ids", value) }
    var ids: [Int32] = []
    ids.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard case .number(let digits) = element, let id = Int32(digits) else {
        throw mismatch("\(name)[\(index)]", "a token id", element)
      }
      ids.append(id)
    }
    return ids
  }

  /// ``truncation()``, of which `truncation_direction` says the end that `true` cuts off.
  package func directedTruncation() throws(ServiceError) -> Truncation? {
    let direction = try choice(
      "truncation_direction",
      [("right", Truncation.right), ("left", .left), ("Right", .right), ("Left", .left)])
    let truncation = try truncation()
    guard case .bool(true)? = self["truncate"], let direction else { return truncation }
    return direction
  }

  /// The members that ``directedTruncation()`` reads.
  package static let truncationNames = ["truncate", "truncation_direction"]
}
