/// A text in units that can be left out, as ranges of its UTF-8 bytes. They touch and cover the text, white
/// space belonging to the unit before it.
package enum TextUnits {
  /// Words: what stands between white space. Scripts without spaces give a unit a character.
  package static func words(of text: String) -> [Range<Int>] {
    var ends: [Int] = []
    var position = 0
    var previous = Kind.space
    var hasContent = false
    for character in text {
      let kind = Kind(character)
      let begins = kind != .space && (previous == .space || kind == .alone || previous == .alone)
      // A mark of punctuation after a character that stands alone belongs to it.
      if begins, hasContent, !(previous == .alone && kind == .punctuation) { ends.append(position) }
      hasContent = hasContent || kind != .space
      position += character.utf8.count
      previous = kind == .punctuation && previous == .alone ? .alone : kind
    }
    return ranges(ends, count: position)
  }

  /// Sentences: up to a full stop, question or exclamation mark before white space, those of Chinese and
  /// Japanese without it, or up to the end of a line.
  package static func sentences(of text: String) -> [Range<Int>] {
    var ends: [Int] = []
    var position = 0
    var isAfterStop = false
    var isAtEnd = false
    for character in text {
      let isSpace = character.isWhitespace
      if isAtEnd, !isSpace {
        ends.append(position)
        isAtEnd = false
      }
      if character.isNewline || "。！？".contains(character) || isSpace && isAfterStop { isAtEnd = true }
      isAfterStop = ".!?…".contains(character) || isAfterStop && "\"')]»”’".contains(character)
      position += character.utf8.count
    }
    return ranges(ends, count: position)
  }

  /// The units joined with their neighbors to at most `most` groups of like size.
  package static func joined(_ units: [Range<Int>], atMost most: Int) -> [Range<Int>] {
    guard units.count > most, most > 0 else { return units }
    return (0..<most).map { group in
      let first = group * units.count / most
      let last = (group + 1) * units.count / most - 1
      return units[first].lowerBound..<units[last].upperBound
    }
  }

  /// The text without one of its units; without the last one, the white space before it goes too.
  package static func text(_ text: String, without unit: Range<Int>) -> String {
    let bytes = Array(text.utf8)
    var start = unit.lowerBound
    if unit.upperBound == bytes.count {
      while start > 0, bytes[start - 1] == 0x20 || (0x09...0x0D).contains(bytes[start - 1]) { start -= 1 }
    }
    return String(decoding: bytes[..<start] + bytes[unit.upperBound...], as: UTF8.self)
  }

  private static func ranges(_ ends: [Int], count: Int) -> [Range<Int>] {
    guard count > 0 else { return [] }
    return zip([0] + ends, ends + [count]).map { $0..<$1 }
  }

  private enum Kind {
    case space
    case punctuation
    case letter
    /// A character of a script that writes no spaces.
    case alone

    init(_ character: Character) {
      guard let scalar = character.unicodeScalars.first else {
        self = .space
        return
      }
      switch scalar.value {
      // Thai, Lao, Myanmar, Khmer; kana, ideographs.
      case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3041...0x30FF, 0x3400...0x9FFF,
        0xF900...0xFAFF, 0x20000...0x3FFFF:
        self = .alone
      default: self = character.isWhitespace ? .space : character.isPunctuation ? .punctuation : .letter
      }
    }
  }
}
