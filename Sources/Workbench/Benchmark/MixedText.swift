import Touchstone

/// A text in many languages, with code, numbers and emoji, to measure a tokenizer on: the first article of
/// the Universal Declaration of Human Rights (United Nations, 1948) and a few lines of what else texts hold,
/// with words of the vocabulary between them.
enum MixedText {
  private static let sentences = [
    "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience.",
    "Tous les êtres humains naissent libres et égaux en dignité et en droits.",
    "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt.",
    "Todos los seres humanos nacen libres e iguales en dignidad y derechos.",
    "Все люди рождаются свободными и равными в своем достоинстве и правах.",
    "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。",
    "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق.",
    "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
    "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền.",
    "func sum(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 } }  // O(n)",
    "SELECT name, price * 1.19 AS gross FROM products WHERE price > 99.95 ORDER BY name;",
    "2026-11-21T08:15:30Z INFO request=8f3a2c status=200 bytes=18234 https://example.org/a?b=c&d=%20",
    "Meet me at 7 👩‍🔬🎉 — don't be late!! 😀 (it's only 3.5 km…)",
  ]

  /// Lines of `byteCount` bytes or a little more: a number, a sentence, and as many words again of the
  /// tokenizer's own vocabulary. Words come as often as in texts (Zipf's law, the order of a vocabulary being
  /// about that of frequency), most of them rarely: sentences alone would be remembered whole by any
  /// tokenizer with a cache.
  static func lines(byteCount: Int, tokenizer: TextTokenizer) -> [String] {
    var generator = SplitMix64(seed: UInt64(byteCount))
    let limit = Double(max(2, tokenizer.endOfText ?? Int32(clamping: tokenizer.vocabularySize)))
    var lines: [String] = []
    var size = 0
    while size < byteCount {
      var line = "\(lines.count) \(sentences[lines.count % sentences.count])"
      let length = 2 * line.utf8.count
      while line.utf8.count < length {
        let rank = LogUniform.number(below: limit, using: &generator)
        line += " " + word(rank, tokenizer)
      }
      size += line.utf8.count + 1
      lines.append(line)
    }
    return lines
  }

  /// The token's text where it is text, without white space around it; else its number.
  private static func word(_ id: Int, _ tokenizer: TextTokenizer) -> String {
    guard let piece = try? tokenizer.piece(Int32(id)), !piece.contains("\u{FFFD}"),
      let word = piece.split(whereSeparator: \.isWhitespace).first
    else { return "\(id)" }
    return String(word)
  }
}

/// Whole numbers, each half as often as one half its size.
private enum LogUniform {
  /// From 1, below `limit`, which is at least 2.
  static func number(below limit: Double, using generator: inout SplitMix64) -> Int {
    // Doubling from 1 with equal chances, and a fraction of the last step; no libm, whose last bit varies.
    let bits = 1 + limit.exponent
    let exponent = Int(generator.next() % UInt64(bits))
    let fraction = Double(generator.next() >> 11) * 0x1p-53
    return Int(min(limit - 1, Double(sign: .plus, exponent: exponent, significand: 1 + fraction)))
  }
}
