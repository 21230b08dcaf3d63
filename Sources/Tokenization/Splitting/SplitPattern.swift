/// The qwen2 split pattern, as a scanner over UTF-8:
///
/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|
/// ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
///
/// Alternatives are tried in this order, and between them they match every text, so the pieces touch.
/// The classes are the reference's, scalar by scalar (see ``ScalarProperties``).
struct SplitPattern: BitwiseCopyable {
  private let classes: ScalarClassLookup

  init() {
    classes = ScalarClassLookup.shared
  }

  /// Where the piece that begins at `start` ends.
  ///
  /// - Requires: `text` is well-formed UTF-8; `start` is before its end and the first byte of a scalar.
  @inline(__always)
  func endOfPiece(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let first = classes.classified(text, start)
    let second = start + first.length
    switch first.scalarClass {
    case ScalarClass.letter:
      return endOfLetters(in: text, from: second)
    case ScalarClass.number:
      return second
    case ScalarClass.space:
      if let end = word(in: text, after: first, at: start) { return end }
      if text[start] == UInt8(ascii: " "), second < text.count,
        classes.classified(text, second).scalarClass == ScalarClass.other
      {
        return endOfPunctuation(in: text, from: second)
      }
      return endOfSpaces(in: text, from: start)
    default:
      if let end = contraction(in: text, from: start) { return end }
      if let end = word(in: text, after: first, at: start) { return end }
      return endOfPunctuation(in: text, from: second)
    }
  }

  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)`. Case folding makes U+017F, the long s, an s too.
  @inline(__always)
  private func contraction(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard text[start] == UInt8(ascii: "'"), start + 1 < text.count else { return nil }
    let second = start + 2 < text.count ? text[start + 2] : 0
    switch (text[start + 1] | 0x20, second | 0x20) {
    case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _), (UInt8(ascii: "d"), _):
      return start + 2
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return start + 3
    default:
      return text[start + 1] == 0xC5 && second == 0xBF ? start + 3 : nil
    }
  }

  /// `[^\r\n\p{L}\p{N}]?\p{L}+` where the first scalar is no letter.
  @inline(__always)
  private func word(
    in text: UnsafeBufferPointer<UInt8>, after first: ClassifiedScalar, at start: Int
  ) -> Int? {
    let second = start + first.length
    guard second < text.count, text[start] != UInt8(ascii: "\r"), text[start] != UInt8(ascii: "\n")
    else { return nil }
    let next = classes.classified(text, second)
    guard next.scalarClass == ScalarClass.letter else { return nil }
    return endOfLetters(in: text, from: second + next.length)
  }

  @inline(__always)
  private func endOfLetters(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var position = start
    while position < text.count {
      let next = classes.classified(text, position)
      guard next.scalarClass == ScalarClass.letter else { break }
      position += next.length
    }
    return position
  }

  /// The rest of `[^\s\p{L}\p{N}]+[\r\n]*`.
  private func endOfPunctuation(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var position = start
    while position < text.count {
      let next = classes.classified(text, position)
      guard next.scalarClass == ScalarClass.other else { break }
      position += next.length
    }
    while position < text.count, text[position] == UInt8(ascii: "\r") || text[position] == UInt8(ascii: "\n")
    {
      position += 1
    }
    return position
  }

  /// `\s*[\r\n]+|\s+(?!\S)|\s+`: up to the last line end; else all white space at the end of the text, or
  /// all but the last scalar before something else; else one scalar.
  private func endOfSpaces(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var position = start
    var lastStart = start
    var afterLineEnd: Int?
    while position < text.count {
      let next = classes.classified(text, position)
      guard next.scalarClass == ScalarClass.space else { break }
      lastStart = position
      position += next.length
      if text[lastStart] == UInt8(ascii: "\r") || text[lastStart] == UInt8(ascii: "\n") {
        afterLineEnd = position
      }
    }
    if let afterLineEnd { return afterLineEnd }
    return position == text.count || lastStart == start ? position : lastStart
  }
}
