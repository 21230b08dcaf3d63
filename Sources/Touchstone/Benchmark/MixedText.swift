/// A text in many languages, with code, numbers and emoji, to measure a tokenizer on: the first article of the
/// Universal Declaration of Human Rights (United Nations, 1948) and a few lines of what else texts hold.
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

  /// Lines of `byteCount` bytes or a little more, numbered, so that no two are the same.
  static func lines(byteCount: Int) -> [String] {
    var lines: [String] = []
    var size = 0
    while size < byteCount {
      lines.append("\(lines.count) \(sentences[lines.count % sentences.count])")
      size += lines[lines.count - 1].utf8.count + 1
    }
    return lines
  }
}
