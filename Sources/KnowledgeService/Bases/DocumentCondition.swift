import ForeignText
import JSON
import Knowledge
import TouchstoneServer

/// Which documents a search is about, by their attributes and by what is known of them: `filename`, `path`,
/// `title`, `language`, `format`, `pages`.
indirect enum DocumentCondition: Sendable, Equatable {
  enum Comparison: Sendable, Equatable {
    case equal, unequal, less, lessOrEqual, greater, greaterOrEqual, among, notAmong
    case contains, lacks, begins, ends, isEmpty, isFilled
  }

  enum Value: Sendable, Equatable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([Value])

    /// Strings by their bytes; numbers written as strings are numbers beside numbers.
    func isEqual(to other: Value) -> Bool {
      switch (self, other) {
      case (.text(let left), .text(let right)): left.hasBytes(of: right)
      case (.number(let left), .number(let right)): left == right
      case (.flag(let left), .flag(let right)): left == right
      case (.number(let left), .text(let right)): Double(right) == left
      case (.text(let left), .number(let right)): Double(left) == right
      default: false
      }
    }

    /// nil where they have no order.
    func precedes(_ other: Value) -> Bool? {
      switch (self, other) {
      case (.number(let left), .number(let right)): left < right
      case (.text(let left), .number(let right)): Double(left).map { $0 < right }
      case (.number(let left), .text(let right)): Double(right).map { left < $0 }
      case (.text(let left), .text(let right)):
        left.utf8.lexicographicallyPrecedes(right.utf8)
      default: nil
      }
    }
  }

  case compare(key: String, Comparison, Value)
  case all([DocumentCondition])
  case any([DocumentCondition])

  /// A document without the key differs from every value.
  func holds(_ value: (String) -> Value?) -> Bool {
    switch self {
    case .all(let parts): return parts.allSatisfy { $0.holds(value) }
    case .any(let parts): return parts.contains { $0.holds(value) }
    case .compare(let key, let comparison, let wanted):
      let found = value(key)
      switch comparison {
      case .equal: return found.map { $0.isEqual(to: wanted) } ?? false
      case .unequal: return found.map { !$0.isEqual(to: wanted) } ?? true
      case .less: return found?.precedes(wanted) ?? false
      case .greater: return found.flatMap { wanted.precedes($0) } ?? false
      case .lessOrEqual: return found.flatMap { wanted.precedes($0) }.map { !$0 } ?? false
      case .greaterOrEqual: return found.flatMap { $0.precedes(wanted) }.map { !$0 } ?? false
      case .among, .notAmong:
        guard case .list(let values) = wanted else { return comparison == .notAmong }
        let isThere = found.map { found in values.contains { $0.isEqual(to: found) } } ?? false
        return isThere == (comparison == .among)
      case .contains, .lacks:
        guard case .text(let text)? = found, case .text(let part) = wanted else {
          return comparison == .lacks
        }
        let isThere = part.isEmpty || MultipartForm.find(Array(part.utf8), in: Array(text.utf8)[...]) != nil
        return isThere == (comparison == .contains)
      case .begins, .ends:
        guard case .text(let text)? = found, case .text(let part) = wanted else { return false }
        return comparison == .begins
          ? text.utf8.starts(with: part.utf8)
          : text.utf8.count >= part.utf8.count && text.utf8.suffix(part.utf8.count).elementsEqual(part.utf8)
      case .isEmpty, .isFilled:
        var isFilled = found != nil
        if case .text("")? = found { isFilled = false }
        return isFilled == (comparison == .isFilled)
      }
    }
  }

  /// Conditions inside conditions: more are a mistake or an attack.
  static let depthLimit = 16
  static let partLimit = 1_000
}

extension DocumentCondition {
  /// OpenAI's `filters`: comparisons, and `and`/`or` of them.
  init(openAI fields: RequestFields, depth: Int = 0) throws(ServiceError) {
    guard depth < Self.depthLimit else {
      throw .invalid(
        parameter: "type", "conditions stand inside each other more than \(Self.depthLimit) deep")
    }
    let type = try fields.required("type", try fields.string("type"))
    if let joins = [("and", true), ("or", false)].first(where: { $0.0.hasBytes(of: type) }) {
      guard case .array(let elements)? = fields["filters"], elements.count <= Self.partLimit else {
        throw .invalid(parameter: "filters", "must be an array of at most \(Self.partLimit) conditions")
      }
      var parts: [DocumentCondition] = []
      for (index, element) in elements.enumerated() {
        parts.append(
          try fields.nested("filters[\(index)]", element) { (inner) throws(ServiceError) in
            try DocumentCondition(openAI: inner, depth: depth + 1)
          })
      }
      self = joins.1 ? .all(parts) : .any(parts)
      return
    }
    let words: [(word: String, value: Comparison)] = [
      ("eq", .equal), ("ne", .unequal), ("gt", .greater), ("gte", .greaterOrEqual), ("lt", .less),
      ("lte", .lessOrEqual), ("in", .among), ("nin", .notAmong),
    ]
    guard let comparison = words.first(where: { $0.word.hasBytes(of: type) })?.value else {
      throw .invalid(
        parameter: "type",
        "must be one of 'and', 'or', " + words.map { "'\($0.word)'" }.joined(separator: ", "))
    }
    let key = try fields.required("key", try fields.string("key"))
    let value = try Self.value(fields["value"], "value")
    if comparison == .among || comparison == .notAmong {
      guard case .list = value else { throw .invalid(parameter: "value", "must be an array") }
    } else if case .list = value {
      throw .invalid(parameter: "value", "must be a string, a number, true or false")
    }
    self = .compare(key: key, comparison, value)
  }

  /// Dify's `metadata_condition`.
  init(dify fields: RequestFields) throws(ServiceError) {
    let joinsAll =
      try fields.choice("logical_operator", [("and", true), ("or", false)]) ?? true
    guard case .array(let elements)? = fields["conditions"], elements.count <= Self.partLimit else {
      throw .invalid(parameter: "conditions", "must be an array of at most \(Self.partLimit) conditions")
    }
    var parts: [DocumentCondition] = []
    for (index, element) in elements.enumerated() {
      parts.append(
        try fields.nested("conditions[\(index)]", element) { (inner) throws(ServiceError) in
          try Self.part(dify: inner)
        })
    }
    self = joinsAll ? .all(parts) : .any(parts)
  }

  private static let difyWords: [(word: String, value: Comparison)] = [
    ("contains", .contains), ("not contains", .lacks), ("start with", .begins), ("end with", .ends),
    ("is", .equal), ("is not", .unequal), ("empty", .isEmpty), ("not empty", .isFilled), ("=", .equal),
    ("≠", .unequal), (">", .greater), ("<", .less), ("≥", .greaterOrEqual), ("≤", .lessOrEqual),
    ("before", .less), ("after", .greater), ("in", .among), ("not in", .notAmong),
  ]

  private static func part(dify fields: RequestFields) throws(ServiceError) -> DocumentCondition {
    let names = try fields.required("name", try fields.stringOrStrings("name"))
    let word = try fields.required("comparison_operator", try fields.string("comparison_operator"))
    guard let comparison = difyWords.first(where: { $0.word.hasBytes(of: word) })?.value else {
      throw .invalid(
        parameter: "comparison_operator",
        "must be one of \(difyWords.map { "'\($0.word)'" }.joined(separator: ", "))")
    }
    var value = Value.text("")
    if comparison != .isEmpty, comparison != .isFilled { value = try Self.value(fields["value"], "value") }
    if comparison == .among || comparison == .notAmong, case .text(let text) = value {
      value = .list(text.split(separator: ",").map { .text(String($0)) })
    }
    // Several names: one of them must fit.
    return .any(names.map { .compare(key: $0, comparison, value) })
  }

  private static func value(_ json: JSONValue?, _ name: String) throws(ServiceError) -> Value {
    switch json {
    case .string(let text)?: return .text(text)
    case .bool(let flag)?: return .flag(flag)
    case .number(let digits)?:
      guard let number = Double(digits), number.isFinite else {
        throw .invalid(parameter: name, "is a number that is too large")
      }
      return .number(number)
    case .array(let elements)?:
      var values: [Value] = []
      for element in elements {
        let value = try Self.value(element, name)
        if case .list = value { throw .invalid(parameter: name, "has an array in an array") }
        values.append(value)
      }
      return .list(values)
    case nil: throw .invalid(parameter: name, "is missing")
    case .some(let other):
      throw RequestFields.mismatch(name, "a string, a number, true, false or an array", other)
    }
  }
}

/// The attributes of a file in a base: at most 16, values strings, numbers or flags.
struct FileAttributes: Sendable, Equatable {
  var members: [JSONValue.Member] = []

  static let limit = 16

  init() {}

  /// - Parameter json: nil or null: none.
  init(_ json: JSONValue?, name: String = "attributes", textsOnly: Bool = false) throws(ServiceError) {
    guard let json, json != .null else { return }
    guard case .object(let members) = json else { throw RequestFields.mismatch(name, "an object", json) }
    guard members.count <= Self.limit else {
      throw .invalid(parameter: name, "has \(members.count) members, and may have \(Self.limit)")
    }
    for member in members {
      guard member.key.utf8.count <= 256 else {
        throw .invalid(parameter: name, "has a key of \(member.key.utf8.count) bytes, and may have 256")
      }
      switch member.value {
      case .string(let text) where text.utf8.count <= 2_048: break
      case .number, .bool: if textsOnly { throw .invalid(parameter: name, "must have strings as values") }
      default:
        throw .invalid(
          parameter: name,
          textsOnly
            ? "must have strings of at most 2048 bytes as values"
            : "must have strings of at most 2048 bytes, numbers, true or false as values")
      }
    }
    self.members = members
  }

  var json: JSONValue { .object(members) }

  subscript(key: String) -> DocumentCondition.Value? {
    switch members.first(where: { $0.key.hasBytes(of: key) })?.value {
    case .string(let text)?: .text(text)
    case .number(let digits)?: Double(digits).map { .number($0) }
    case .bool(let flag)?: .flag(flag)
    default: nil
    }
  }
}

extension EmbeddedStore.DocumentFacts {
  subscript(key: String) -> DocumentCondition.Value? {
    let names: [(String, DocumentCondition.Value?)] = [
      ("filename", .text(path.split(separator: "/").last.map(String.init) ?? path)), ("path", .text(path)),
      ("title", title.map { .text($0) }), ("language", language.map { .text($0) }),
      ("format", .text(format.rawValue)), ("pages", .number(Double(pageCount))),
    ]
    return names.first { $0.0.hasBytes(of: key) }?.1
  }
}
