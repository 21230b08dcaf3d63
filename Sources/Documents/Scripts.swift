/// Scripts and languages, as far as readers and search need them.
package enum Scripts {
  /// Chinese, Japanese and Korean letters, whose words no space divides, or not as Latin words.
  package static func isCJK(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF: true
    case 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF: true
    case 0x3005, 0x3006, 0x3007: true
    case 0xAC00...0xD7A3, 0x1100...0x11FF, 0x3130...0x318F: true
    default: false
    }
  }

  /// Whether lines that end and begin with such characters are joined without a space.
  static func isDense(_ scalar: Unicode.Scalar) -> Bool {
    let isHangul = (0xAC00...0xD7A3).contains(scalar.value)
    return isCJK(scalar) && !isHangul || denseMarks.contains(scalar)
  }

  private static let denseMarks = Set("。、，．！？；：「」『』（）《》〈〉【】".unicodeScalars)

  /// A guess by script and frequent words: `zh`, `ja`, `ko`, `ru`, `en`, `de`, `fr`, `es`, `it`, `pt`, `nl`;
  /// nil where nothing speaks clearly.
  package static func language(of text: some Sequence<UInt8>) -> String? {
    let sample = String(decoding: Array(text.prefix(1 << 16)), as: UTF8.self)
    var (han, kana, hangul, cyrillic, latin) = (0, 0, 0, 0, 0)
    for scalar in sample.unicodeScalars {
      switch scalar.value {
      case 0x4E00...0x9FFF, 0x3400...0x4DBF: han += 1
      case 0x3041...0x30FF: kana += 1
      case 0xAC00...0xD7A3: hangul += 1
      case 0x400...0x4FF: cyrillic += 1
      case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F: latin += 1
      default: break
      }
    }
    // A Chinese letter stands for about three Latin ones.
    let dense = 3 * (han + kana + hangul)
    if dense > latin, dense > cyrillic {
      if hangul > han + kana { return "ko" }
      return kana * 10 > han + kana ? "ja" : "zh"
    }
    if cyrillic > latin { return "ru" }
    var counts: [String: Int] = [:]
    // Longer words are not among the frequent ones, and a run of marks would be sorted to find that out.
    for word in sample.lowercased().split(whereSeparator: { !$0.isLetter }) where word.utf8.count <= 8 {
      for language in frequent[String(word)] ?? [] { counts[language, default: 0] += 1 }
    }
    let ranked = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard let best = ranked.first, best.value >= 3 else { return nil }
    return ranked.count > 1 && ranked[1].value * 10 > best.value * 9 ? nil : best.key
  }

  private static let frequent: [String: [String]] = {
    let words = [
      "en": "the and of to is in that for it with are this be not you on as have can from or",
      "de": "der die das und ist nicht ein eine zu den mit für auf von sich werden dem auch wird sind im",
      "fr": "le la les des et est une un dans pour que qui sur pas vous avec du au sont ce cette",
      "es": "el la los las y es un una en que para por con del se no su más como al está",
      "it": "il la gli di che è un una per con non del della si sono nel anche come le",
      "pt": "o a os as e é um uma em que para por com do da não se mais como ao são",
      "nl": "de het een en van is niet dat te op voor met zijn aan er ook worden wordt bij deze",
    ]
    var result: [String: [String]] = [:]
    for (language, list) in words {
      for word in list.split(separator: " ") { result[String(word), default: []].append(language) }
    }
    return result
  }()
}
