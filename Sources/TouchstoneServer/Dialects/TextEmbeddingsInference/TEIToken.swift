import JSON
import Touchstone

/// A token as text-embeddings-inference describes it.
package struct TEIToken: Equatable, Sendable {
  package let id: Int32
  /// The characters of the text that the token has a part in: a character of several tokens is in each of
  /// them.
  package let text: String
  /// Whether the tokenizer put it around the text.
  package let isAdded: Bool
  /// Unicode characters (scalars) before the token and up to its end; nil for an added token.
  package let characters: Range<Int>?

  package var json: JSONValue {
    .object([
      .init("id", .number(Int(id))), .init("text", .string(text)), .init("special", .bool(isAdded)),
      .init("start", characters.map { .number($0.lowerBound) } ?? .null),
      .init("stop", characters.map { .number($0.upperBound) } ?? .null),
    ])
  }
}

extension TextTokenizer {
  /// The tokens of `text`, as text-embeddings-inference describes them.
  package func teiTokens(of text: String, addsSpecialTokens: Bool) -> [TEIToken] {
    let tokens = tokens(of: text, addsConfiguredTokens: addsSpecialTokens)
    let added = addsSpecialTokens ? configuredTokenCounts : (before: 0, after: 0)
    var places = ScalarPlaces(text)
    return tokens.enumerated().map { position, token in
      if position < added.before || position >= tokens.count - added.after {
        let spelling = pieceBytes(token.id).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return TEIToken(id: token.id, text: spelling, isAdded: true, characters: nil)
      }
      let place = places.scalars(covering: token.bytes)
      return TEIToken(id: token.id, text: place.text, isAdded: false, characters: place.range)
    }
  }
}

/// Turns ascending ranges of UTF-8 bytes into ranges of whole Unicode scalars, in one pass over the text.
private struct ScalarPlaces {
  private let text: String.UnicodeScalarView
  /// The scalar that holds the byte at hand, how many are before it, and the bytes before it.
  private var index: String.UnicodeScalarView.Index
  private var scalarCount = 0
  private var byteCount = 0

  init(_ text: String) {
    self.text = text.unicodeScalars
    index = self.text.startIndex
  }

  mutating func scalars(covering bytes: Range<Int>) -> (range: Range<Int>, text: String) {
    while index < text.endIndex, byteCount + width <= bytes.lowerBound { advance() }
    let start = index
    let first = scalarCount
    while index < text.endIndex, byteCount < bytes.upperBound { advance() }
    let range = first..<scalarCount
    let covered = String(text[start..<index])
    if byteCount > bytes.upperBound {
      // The last scalar is cut: the next token begins in it as well.
      index = text.index(before: index)
      scalarCount -= 1
      byteCount -= width
    }
    return (range, covered)
  }

  private var width: Int { UTF8.width(text[index]) }

  private mutating func advance() {
    byteCount += width
    scalarCount += 1
    index = text.index(after: index)
  }
}
