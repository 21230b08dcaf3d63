/// Where a text may be cut, best places first.
enum Boundaries {
  /// More is better.
  enum Level: Int, Comparable {
    case word, clause, sentence, row, item, paragraph, heading

    static func < (one: Level, other: Level) -> Bool { one.rawValue < other.rawValue }
  }

  struct Place: Equatable {
    /// Where the next piece begins, after white space.
    var offset: Int
    var level: Level
  }

  /// The places inside `window`, not at its edges, in the order of the text.
  static func places(in document: ExtractedDocument, _ window: Range<Int>) -> [Place] {
    var places: [Place] = []
    let blocks = document.blocks
    // The first block that ends in the window.
    let low = blocks.partitionPoint { $0.bytes.upperBound <= window.lowerBound }
    for index in low..<blocks.count where !blocks[index].bytes.isEmpty {
      let block = blocks[index]
      guard block.bytes.lowerBound < window.upperBound else { break }
      if block.bytes.lowerBound > window.lowerBound {
        places.append(Place(offset: block.bytes.lowerBound, level: level(of: blocks, at: index)))
      }
      let inside = block.bytes.clamped(to: window)
      switch block.kind {
      case .heading: break
      case .paragraph, .listItem: appendWords(document.text, inside, to: &places)
      case .table, .code: appendLines(document.text, inside, isCode: block.kind == .code, to: &places)
      }
    }
    return places
  }

  private static func level(of blocks: [ExtractedDocument.Block], at index: Int) -> Level {
    if case .heading = blocks[index].kind { return .heading }
    guard index > 0 else { return .paragraph }
    // What follows a heading belongs to it.
    if case .heading = blocks[index - 1].kind { return .clause }
    return blocks[index].kind == .listItem && blocks[index - 1].kind == .listItem ? .item : .paragraph
  }

  private static func appendLines(
    _ text: [UInt8], _ range: Range<Int>, isCode: Bool, to places: inout [Place]
  ) {
    var isAfterBlank = false
    for line in Lines.ranges(text, in: range) {
      guard !Lines.isBlank(text[line]) else {
        isAfterBlank = true
        continue
      }
      if line.lowerBound > range.lowerBound {
        places.append(Place(offset: line.lowerBound, level: isAfterBlank ? .item : .row))
      }
      isAfterBlank = false
      appendWords(text, line, to: &places, highest: .word)
    }
  }

  private static func appendWords(
    _ text: [UInt8], _ range: Range<Int>, to places: inout [Place], highest: Level = .sentence
  ) {
    /// The best cut that the scalars before allow: at once after a CJK mark, else after white space.
    var pending: (level: Level, needsSpace: Bool)?
    var hasSpace = false
    var wordLength = 0
    var wordHasDot = false
    var word: [UInt8] = []
    var offset = range.lowerBound
    for scalar in String(decoding: text[range], as: UTF8.self).unicodeScalars {
      let width = UTF8.width(scalar)
      defer { offset += width }
      if scalar.properties.isWhitespace {
        hasSpace = true
        continue
      }
      if hasSpace || pending?.needsSpace == false {
        let isClosing = closing.contains(scalar) && !hasSpace
        if !isClosing {
          var level: Level = .word
          if let found = pending, found.needsSpace == false || hasSpace { level = found.level }
          if level == .sentence, pending?.needsSpace == true, scalar.properties.isLowercase { level = .word }
          if offset > range.lowerBound, !scalar.properties.isGraphemeExtend, scalar.value != 0x200D {
            places.append(Place(offset: offset, level: min(level, highest)))
          }
          (pending, hasSpace) = (nil, false)
          (word, wordLength, wordHasDot) = ([], 0, false)
        }
      }
      switch scalar {
      case "。", "！", "？", "｡", "．", "।", "؟": pending = (.sentence, false)
      case "、", "，", "；", "：": pending = (.clause, false)
      case "!", "?", "…": pending = (.sentence, true)
      case ".":
        // `e.g.`, `z.B.`, `3.14`, initials and usual abbreviations end no sentence.
        let isAbbreviation = wordHasDot || wordLength <= 1 || abbreviations.contains(word)
        pending = (isAbbreviation ? .word : .sentence, true)
        wordHasDot = true
      case ",", ";", ":", "—", "–": pending = (.clause, true)
      default:
        if !closing.contains(scalar) {
          pending = nil
          wordLength += 1
          if word.count < 12 { word += Array(String(scalar).lowercased().utf8) }
        }
      }
    }
  }

  private static let closing: Set<Unicode.Scalar> = [
    "\"", "'", ")", "]", "}", "”", "’", "»", "」", "』", "）", "》", "】", "〉", "*", "_",
  ]

  private static let abbreviations: Set<[UInt8]> = Set(
    [
      "dr", "mr", "mrs", "ms", "prof", "st", "no", "nr", "vs", "etc", "fig", "figs", "eq", "vol", "pp", "cf",
      "art", "bzw", "ca",
      "vgl", "usw", "abs", "bsp", "inkl", "mme", "mlle", "éd", "chap", "sr", "sra",
    ].map { Array($0.utf8) })
}

extension Array {
  /// The first index whose element does not fulfill the condition, where those that do come first.
  func partitionPoint(_ isBefore: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
