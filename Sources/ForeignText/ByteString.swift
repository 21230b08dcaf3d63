extension StringProtocol {
  /// Whether both texts have the same UTF-8 bytes.
  ///
  /// `==` of strings asks whether they look alike (canonical equivalence), and sorts marks to find out: a
  /// quadratic time for a run of marks, and an answer that no file format means. Text from outside is
  /// compared with this.
  package func hasBytes(of other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}

/// A text as a key: equal, and hashed, by its UTF-8 bytes. Linear in any text, where `String` is quadratic in
/// marks; and two spellings of one letter are two keys.
package struct ByteString: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  package let text: String

  package init(_ text: String) { self.text = text }
  package init(stringLiteral text: String) { self.text = text }

  package var description: String { text }

  package static func == (left: ByteString, right: ByteString) -> Bool { left.text.hasBytes(of: right.text) }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)
  }
}
