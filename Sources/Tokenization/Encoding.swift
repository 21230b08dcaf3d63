/// The tokens of a text, and where in the text each comes from.
package struct Encoding: Hashable, Sendable {
  package var ids: [TokenID]
  /// One range of bytes in the original UTF-8 for each token.
  ///
  /// The ranges ascend and touch: together they cover the text. A token may be part of a character. Where
  /// NFC changed the text (or ill-formed bytes were repaired), a boundary inside the changed stretch moves
  /// to its end, so the first token of the stretch has all its bytes and the others have none. Tokens
  /// that are not from the text have an empty range at its beginning or end.
  package var ranges: [Range<Int>]
}
