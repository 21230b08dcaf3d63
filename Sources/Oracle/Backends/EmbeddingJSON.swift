import JSON

/// A vector as services write it: a list of numbers, or base64 of little-endian float32.
enum EmbeddingJSON {
  static func observation(_ value: JSONValue) throws(BackendError) -> Observation {
    switch value {
    case .array(let elements): return try observation(elements)
    case .string(let text): return observation(try floats(base64: text))
    default:
      throw .malformed("a vector in the answer is \(value.kind), but must be a list of numbers or base64")
    }
  }

  private static func observation(_ elements: [JSONValue]) throws(BackendError) -> Observation {
    var values: [Float] = []
    values.reserveCapacity(elements.count)
    for element in elements {
      switch element {
      case .number(let digits): values.append(Float(digits) ?? .nan)
      case .null: values.append(.nan)
      default:
        throw .malformed("a component of a vector in the answer is \(element.kind), but must be a number")
      }
    }
    return observation(values)
  }

  private static func observation(_ values: [Float]) -> Observation {
    if values.isEmpty { return .refused("the answer has an empty list instead of a vector") }
    let odd = values.count { !$0.isFinite }
    return odd > 0 ? .notFinite(count: odd) : .vector(values)
  }

  private static func floats(base64 text: String) throws(BackendError) -> [Float] {
    guard let bytes = bytes(base64: text) else {
      throw .malformed("a vector in the answer is no valid base64")
    }
    guard bytes.count % 4 == 0 else {
      throw .malformed(
        "a vector in the answer has \(bytes.count) bytes in base64, which are no whole float32 numbers")
    }
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
    }
  }

  /// Base64 of RFC 4648, with or without its padding; nil for anything else.
  static func bytes(base64 text: String) -> [UInt8]? {
    var digits = text.utf8[...]
    while digits.last == UInt8(ascii: "="), text.utf8.count - digits.count < 2 { digits = digits.dropLast() }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count * 3 / 4)
    var bits: UInt32 = 0
    var bitCount = 0
    for digit in digits {
      guard let value = value(digit) else { return nil }
      bits = bits << 6 | UInt32(value)
      bitCount += 6
      guard bitCount >= 8 else { continue }
      bitCount -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
    }
    return bitCount == 6 ? nil : bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
