import ForeignText
import JSON

/// The members of a request's JSON object, read by name and type. Every mismatch is a ``ServiceError`` with
/// the member's name. `null` counts as absent.
///
/// Names and values are a stranger's: they are compared by their bytes, never as `String`s.
package struct RequestFields {
  private let members: [JSONValue.Member]
  /// Where the object stands in the body: `inputs.`; empty for the body itself.
  private let path: String
  private let ignored: IgnoredParameters
  /// Whether U+FFFD in the place of half of a surrogate pair is a text.
  let replacesHalves: Bool

  /// - Parameter replacesHalves: whether half of a surrogate pair is read as U+FFFD, as Go programs do. Else
  ///   a text with one is refused.
  package init(_ body: RequestBody, replacesHalves: Bool = false) throws(ServiceError) {
    try self.init(body.json, path: "", ignored: body.ignored, replacesHalves: replacesHalves)
  }

  private init(
    _ json: JSONValue, path: String, ignored: IgnoredParameters, replacesHalves: Bool
  ) throws(ServiceError) {
    guard case .object(let members) = json else {
      throw .malformed("the body must be a JSON object, found \(json.kind)")
    }
    self.members = members
    self.path = path
    self.ignored = ignored
    self.replacesHalves = replacesHalves
  }

  package subscript(name: String) -> JSONValue? {
    guard let value = members.first(where: { $0.key.hasBytes(of: name) })?.value, value != .null else {
      return nil
    }
    return value
  }

  /// Notes the members that nobody reads.
  package func reportUnknown(besides known: [String]) {
    for member in members
    where member.value != .null && !known.contains(where: { $0.hasBytes(of: member.key) }) {
      ignored.add(path + member.key)
    }
  }

  /// The value of a member that must be there.
  package func required<Value>(_ name: String, _ value: Value?) throws(ServiceError) -> Value {
    guard let value else { throw missing(name) }
    return value
  }

  /// A member that must be there and is not. Where one that nobody reads looks like it, the sentence names
  /// that.
  func missing(_ name: String) -> ServiceError {
    let lookalike = members.first { member in
      member.value != .null && MemberName.resembles(member.key, name) && ignored.contains(path + member.key)
    }
    let found = lookalike.map { "; found '\(IgnoredParameters.visible($0.key))'" } ?? ""
    return .invalid(parameter: name, "is missing\(found)")
  }

  package func string(_ name: String) throws(ServiceError) -> String? {
    guard let value = self[name] else { return nil }
    guard let text = text(value) else { throw Self.mismatch(name, "a string", value) }
    return text
  }

  /// The text of a string; nil of anything else.
  func text(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text
    case .illFormedString(let text) where replacesHalves: text
    default: nil
    }
  }

  package func bool(_ name: String) throws(ServiceError) -> Bool? {
    guard let value = self[name] else { return nil }
    guard case .bool(let flag) = value else { throw Self.mismatch(name, "true or false", value) }
    return flag
  }

  /// A whole number of at least `minimum`.
  package func integer(_ name: String, atLeast minimum: Int = 1) throws(ServiceError) -> Int? {
    guard let value = self[name] else { return nil }
    guard case .number(let digits) = value, let number = WholeNumber.parse(digits) else {
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
    guard let match = values.first(where: { $0.word.hasBytes(of: text) }) else {
      throw .invalid(
        parameter: name, "must be one of \(values.map { "'\($0.word)'" }.joined(separator: ", "))")
    }
    return match.value
  }

  package static func mismatch(_ name: String, _ needed: String, _ found: JSONValue) -> ServiceError {
    switch found {
    case .illFormedString:
      .invalid(parameter: name, "has half of a surrogate pair, which is no character; send whole characters")
    case .number(let digits) where needed.utf8.starts(with: "a whole number".utf8):
      .invalid(parameter: name, "must be \(needed), found \(IgnoredParameters.visible(digits))")
    default: .invalid(parameter: name, "must be \(needed), found \(found.kind)")
    }
  }
}

// MARK: Objects and arrays

extension RequestFields {
  /// What `body` makes of a member that is an object; nil where it is absent. Errors name the path:
  /// `inputs.sentences`.
  package func nested<Result>(
    _ name: String, _ body: (RequestFields) throws(ServiceError) -> Result
  ) throws(ServiceError) -> Result? {
    guard let value = self[name] else { return nil }
    return try nested(name, value, body)
  }

  package func nested<Result>(
    _ name: String, _ value: JSONValue, _ body: (RequestFields) throws(ServiceError) -> Result
  ) throws(ServiceError) -> Result {
    guard case .object = value else { throw Self.mismatch(name, "an object", value) }
    do {
      return try body(
        try RequestFields(value, path: "\(name).", ignored: ignored, replacesHalves: replacesHalves))
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
      guard let text = text(element) else { throw Self.mismatch("\(name)[\(index)]", "a string", element) }
      strings.append(text)
    }
    return strings
  }

  /// A string, or an array of strings, at least one.
  package func stringOrStrings(_ name: String) throws(ServiceError) -> [String]? {
    guard let value = self[name] else { return nil }
    if case .array = value { return try strings(name) }
    guard let text = text(value) else {
      throw Self.mismatch(name, "a string or an array of strings", value)
    }
    return [text]
  }

  /// An array of token ids.
  package static func tokenIDs(_ name: String, _ value: JSONValue) throws(ServiceError) -> [Int32] {
    guard case .array(let elements) = value else { throw mismatch(name, "an array of token ids", value) }
    var ids: [Int32] = []
    ids.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard case .number(let digits) = element, let number = WholeNumber.parse(digits),
        let id = Int32(exactly: number)
      else { throw mismatch("\(name)[\(index)]", "a token id", element) }
      ids.append(id)
    }
    return ids
  }
}

/// Whole numbers as JSON has them: `4`, and `4.0` or `4e0` of languages with one kind of number.
enum WholeNumber {
  static func parse(_ digits: String) -> Int? {
    if let number = Int(digits) { return number }
    // Beyond 2^53 a fraction of zero is no longer the number that was meant.
    guard digits.utf8.count <= 40, let number = Double(digits), number.magnitude <= 0x1p53 else { return nil }
    return Int(exactly: number)
  }
}

/// Names of members that people mistake for each other.
enum MemberName {
  /// What the services call their texts.
  private static let textNames = [
    "input", "inputs", "text", "texts", "content", "prompt", "sentences", "documents", "messages", "query",
  ]

  /// Whether somebody who wrote `given` may have meant `wanted`.
  static func resembles(_ given: String, _ wanted: String) -> Bool {
    guard given.utf8.count <= 32, !given.hasBytes(of: wanted) else { return false }
    func isTextName(_ name: String) -> Bool { textNames.contains { $0.hasBytes(of: name) } }
    return isTextName(given) && isTextName(wanted) || distance(Array(given.utf8), Array(wanted.utf8)) <= 2
  }

  /// Levenshtein's: how many bytes are put in, taken out or changed.
  private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var row = Array(0...second.count)
    for (index, byte) in first.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in 1..<row.count {
        let changed = diagonal + (byte == second[column - 1] ? 0 : 1)
        diagonal = row[column]
        row[column] = min(changed, row[column] + 1, row[column - 1] + 1)
      }
    }
    return row[second.count]
  }
}
