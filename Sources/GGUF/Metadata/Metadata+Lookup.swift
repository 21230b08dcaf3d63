/// Typed access. Each accessor throws an error that names the key, what the file has and what is needed;
/// the `IfPresent` variants return nil for a missing key, and still throw for one of the wrong type.
extension Metadata {
  package func string(_ key: String) throws(GGUFError) -> String {
    try required(key, stringIfPresent(key))
  }

  package func stringIfPresent(_ key: String) throws(GGUFError) -> String? {
    switch self[key] {
    case nil: return nil
    case .string(let string)?: return string
    case let value?: throw wrongType(key, value, needed: "string")
    }
  }

  /// An integer of any stored width that is not negative and fits in an `Int`.
  package func unsignedInteger(_ key: String) throws(GGUFError) -> Int {
    try required(key, unsignedIntegerIfPresent(key))
  }

  package func unsignedIntegerIfPresent(_ key: String) throws(GGUFError) -> Int? {
    try integerIfPresent(key, in: 0...Int.max, needed: "unsigned integer")
  }

  /// An integer of any stored width and sign that fits in an `Int`.
  package func integer(_ key: String) throws(GGUFError) -> Int {
    try required(key, integerIfPresent(key))
  }

  package func integerIfPresent(_ key: String) throws(GGUFError) -> Int? {
    try integerIfPresent(key, in: Int.min...Int.max, needed: "integer")
  }

  /// A float32 as it is, or a float64 rounded.
  package func float(_ key: String) throws(GGUFError) -> Float {
    try required(key, floatIfPresent(key))
  }

  package func floatIfPresent(_ key: String) throws(GGUFError) -> Float? {
    switch self[key] {
    case nil: return nil
    case .float32(let float)?: return float
    case .float64(let double)?: return Float(double)
    case let value?: throw wrongType(key, value, needed: "float32 or float64")
    }
  }

  package func bool(_ key: String) throws(GGUFError) -> Bool {
    try required(key, boolIfPresent(key))
  }

  package func boolIfPresent(_ key: String) throws(GGUFError) -> Bool? {
    switch self[key] {
    case nil: return nil
    case .bool(let bool)?: return bool
    case let value?: throw wrongType(key, value, needed: "bool")
    }
  }

  package func array(_ key: String) throws(GGUFError) -> MetadataArray {
    try required(key, arrayIfPresent(key))
  }

  package func arrayIfPresent(_ key: String) throws(GGUFError) -> MetadataArray? {
    switch self[key] {
    case nil: return nil
    case .array(let array)?: return array
    case let value?: throw wrongType(key, value, needed: "array")
    }
  }

  private func integerIfPresent(
    _ key: String, in range: ClosedRange<Int>, needed: String
  ) throws(GGUFError) -> Int? {
    guard let value = self[key] else { return nil }
    guard let stored = value.integer else { throw wrongType(key, value, needed: needed) }
    guard let integer = stored.value, range.contains(integer) else {
      throw GGUFError(
        path,
        .outOfRange(
          key: key, found: stored.digits,
          needed: "a value from \(range.lowerBound) to \(range.upperBound)"))
    }
    return integer
  }

  private func required<Value>(_ key: String, _ value: Value?) throws(GGUFError) -> Value {
    guard let value else { throw GGUFError(path, .missingKey(key)) }
    return value
  }

  private func wrongType(_ key: String, _ value: MetadataValue, needed: String) -> GGUFError {
    GGUFError(path, .wrongMetadataType(key: key, found: value.typeName, needed: needed))
  }
}
