/// Whether two traces are of the same token ids, and if not, in what they differ.
package enum TokenComparison: Equatable, Sendable {
  /// One of them does not say.
  case unknown
  case same
  /// The first so many are the same.
  case different(common: Int, String)

  init(_ a: [Int32]?, _ b: [Int32]?) {
    guard let a, let b else {
      self = .unknown
      return
    }
    guard a != b else {
      self = .same
      return
    }
    let common = zip(a, b).prefix { $0 == $1 }.count
    self = .different(common: common, Self.sentence(a, b, common: common))
  }

  private static func sentence(_ a: [Int32], _ b: [Int32], common: Int) -> String {
    let counts = "A has \(a.count) token ids, B \(b.count)"
    if common == b.count {
      let rest = list(a.dropFirst(common))
      return
        "\(counts): B lacks the end of A's, \(rest). An end of text that is not appended looks like this, or a "
        + "text that was cut"
    }
    if common == a.count {
      return
        "\(counts): B goes on after the end of A's with \(list(b.dropFirst(common))). An end of text that is "
        + "appended twice looks like this"
    }
    if b.dropFirst().elementsEqual(a) {
      return "\(counts): B has \(b[0]) in front, which does not belong there"
    }
    if a.dropFirst().elementsEqual(b) { return "\(counts): B lacks the first, \(a[0])" }
    if a.count == b.count, common == a.count - 1 {
      return "the last token id is \(a[common]) in A and \(b[common]) in B: another end of text"
    }
    return
      "\(counts). They part at position \(common): \(a[common]) in A, \(b[common]) in B; the tokenizers differ, or "
      + "the texts do"
  }

  private static func list(_ ids: ArraySlice<Int32>) -> String {
    ids.count > 6
      ? "\(ids.count) ids from \(ids.prefix(6).map(String.init).joined(separator: ", ")) on"
      : ids.map(String.init).joined(separator: ", ")
  }
}
