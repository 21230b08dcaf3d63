import JSON

extension [UInt8] {
  /// A JSON array, each element written by `append`.
  init<Elements: Sequence>(jsonArray elements: Elements, append: (inout [UInt8], Elements.Element) -> Void) {
    self = []
    self.append(jsonArray: elements, append: append)
  }

  /// Appends a JSON array, each element written by `append`.
  mutating func append<Elements: Sequence>(
    jsonArray elements: Elements, append: (inout [UInt8], Elements.Element) -> Void
  ) {
    self.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { self.append(UInt8(ascii: ",")) }
      append(&self, element)
    }
    self.append(UInt8(ascii: "]"))
  }

  /// A JSON value.
  init(json value: JSONValue) {
    self = []
    append(json: value)
  }
}

extension [UInt8] {
  /// Appends a JSON string: the base64 (RFC 4648) of the little-endian bytes of `values`.
  package mutating func append(base64 values: [Float]) {
    append(UInt8(ascii: "\""))
    var group: UInt32 = 0
    var count = 0
    for value in values {
      var bits = value.bitPattern
      for _ in 0..<4 {
        group = group << 8 | (bits & 0xFF)
        bits >>= 8
        count += 1
        if count == 3 {
          appendSextets(of: group, count: 4)
          group = 0
          count = 0
        }
      }
    }
    if count > 0 {
      appendSextets(of: group << (8 * UInt32(3 - count)), count: count + 1)
      for _ in count..<3 { append(UInt8(ascii: "=")) }
    }
    append(UInt8(ascii: "\""))
  }

  /// Appends the first `count` of the four digits of 24 bits.
  private mutating func appendSextets(of group: UInt32, count: Int) {
    for index in 0..<count {
      append(base64Digits[Int(group >> (18 - 6 * UInt32(index)) & 63)])
    }
  }
}

private let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
