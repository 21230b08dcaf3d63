/// A stretch of text that was replaced: bytes `original` of the input became bytes `changed`.
struct PositionChange: Equatable {
  var original: Range<Int>
  var changed: Range<Int>
}

/// Maps positions in a changed text back to the text that it was made from.
///
/// Text between the changes maps byte for byte. A position strictly inside a changed stretch maps to the
/// end of the original stretch. So positions never go backwards, and neighboring ranges still touch.
struct PositionMap {
  private var changes: ArraySlice<PositionChange>
  private var shift = 0

  /// - Parameter changes: in ascending order, without overlaps.
  init(_ changes: [PositionChange]) {
    self.changes = changes[...]
  }

  /// The original position; to be asked in ascending order.
  mutating func original(of position: Int) -> Int {
    while let next = changes.first, next.changed.upperBound <= position {
      shift = next.original.upperBound - next.changed.upperBound
      changes.removeFirst()
    }
    if let next = changes.first, next.changed.lowerBound < position { return next.original.upperBound }
    return position + shift
  }
}
