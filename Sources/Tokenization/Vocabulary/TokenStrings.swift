/// Many short strings in two arrays: the bytes of all of them end to end, and where each begins.
package struct TokenStrings: Sendable {
  /// All strings end to end, and then `padding` zero bytes that let a reader load whole words.
  let bytes: [UInt8]
  /// `count + 1` positions in `bytes`.
  let offsets: [Int]

  static let padding = 8

  /// Checks the layout of strings that are already flat.
  ///
  /// - Parameters:
  ///   - bytes: all strings end to end.
  ///   - offsets: where each begins, and the number of bytes at the end.
  ///   - list: what the strings are, for the error.
  /// - Throws: ``TokenizationError/invalidOffsets(_:)``
  package init(bytes: [UInt8], offsets: [Int], of list: TokenizationError.StringList)
    throws(TokenizationError)
  {
    guard offsets.first == 0, offsets.last == bytes.count else { throw .invalidOffsets(list) }
    var isAscending = true
    for index in 1..<offsets.count { isAscending = isAscending && offsets[index - 1] <= offsets[index] }
    guard isAscending else { throw .invalidOffsets(list) }
    self.bytes = bytes + repeatElement(0, count: Self.padding)
    self.offsets = offsets
  }

  package init(_ strings: [String]) {
    var bytes: [UInt8] = []
    var offsets = [0]
    for string in strings {
      bytes.append(contentsOf: string.utf8)
      offsets.append(bytes.count)
    }
    self.bytes = bytes + repeatElement(0, count: Self.padding)
    self.offsets = offsets
  }

  package var count: Int { offsets.count - 1 }

  /// The bytes of string `index`.
  package subscript(index: Int) -> ArraySlice<UInt8> {
    bytes[offsets[index]..<offsets[index + 1]]
  }
}
