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
