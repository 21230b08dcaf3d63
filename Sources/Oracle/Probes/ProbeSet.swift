import Touchstone

/// The probing set: each probe is there because some mistake shows in it and in few others.
package enum ProbeSet {
  static let task = EmbeddingRole.defaultTask

  /// The probes that a model of this context length can answer.
  ///
  /// - Parameters:
  ///   - includesLong: also those above 2048, 8192 and 16384 tokens, which take minutes with a large model.
  ///   - count: the tokens of a text, the end of text included.
  package static func probes(
    contextLength: Int, hiddenSize: Int, includesLong: Bool, count: (String) -> Int
  ) -> [Probe] {
    let lengths = includesLong ? [512, 2048, 8192, 16384] : [512]
    return short + dimensions(hiddenSize: hiddenSize)
      + lengths.filter { $0 + 40 <= contextLength }.map { length in
        Probe(
          name: "above-\(length)-tokens", kind: .length,
          content: .document(LongText.make(tokenCount: length + 40, count: count)))
      } + repetitions
  }

  /// All texts that are short.
  package static var texts: [String] { short.compactMap(\.sentText) }

  private static func text(_ name: String, _ kind: Probe.Kind, _ text: String) -> Probe {
    Probe(name: name, kind: kind, content: .document(text))
  }

  private static func query(_ name: String, _ text: String, task: String = task) -> Probe {
    Probe(name: name, kind: .query, content: .query(text, task: task))
  }

  static let short: [Probe] = [
    text("plain-sentence", .plain, "The file could not be opened because the disk is full."),
    text("plain-question", .plain, "Which of the two bridges was built first?"),
    text("plain-words", .plain, "wooden table, iron chair"),
    text("plain-paragraph", .plain, paragraph),
    text("one-token", .plain, "a"),
    text("two-words", .plain, "deep water"),
    text("empty", .plain, ""),
    query("query-capital", "What is the capital of China?"),
    query("query-gravity", "Explain gravity"),
    query("query-own-task", "crash on empty input", task: "Given a bug report, find the function at fault"),
    query("query-empty", ""),
    text("space-at-start", .whiteSpace, "  two spaces before"),
    text("space-at-end", .whiteSpace, "two spaces after  "),
    text("line-end-at-end", .whiteSpace, "a line end after\n"),
    text("space-inside", .whiteSpace, "many    spaces     between"),
    text("line-ends-inside", .whiteSpace, "first line\nsecond line\n\nthird line"),
    text("carriage-returns", .whiteSpace, "first line\r\nsecond line\r\n\r\nthird line"),
    text("tabs", .whiteSpace, "\tname\tvalue\n\tsize\t12"),
    text("only-spaces", .whiteSpace, "   "),
    text("code", .whiteSpace, "def add(a, b):\n    # the sum\n    return a + b\n"),
    text("decomposed-latin", .normalization, "Cafe\u{301} A\u{30A}ngstro\u{308}m re\u{301}sume\u{301}"),
    text("decomposed-hangul", .normalization, "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}"),
    text("composed-latin", .normalization, "Caf\u{E9} \u{C5}ngstr\u{F6}m r\u{E9}sum\u{E9}"),
    text("compatibility", .normalization, "ﬁne ½ kΩ Å ①"),
    text("marks-hindi", .splitting, "डिस्क भरी होने के कारण फ़ाइल नहीं खोली जा सकी।"),
    text("marks-thai", .splitting, "ไม่สามารถเปิดแฟ้มได้เนื่องจากดิสก์เต็ม"),
    text("digits", .splitting, "In 2024, 1234567 items at 31.12. and 23:59 cost 98765."),
    text("contractions", .splitting, "IT'S what they'LL say; I'm sure he'd've KNOWN."),
    text("punctuation", .splitting, "Wait... (really?!) --> yes; [a+b] = {c}!\n\n##\n\nEnd."),
    text("special-end", .specialTokens, "before<|endoftext|>after"),
    text("special-end-last", .specialTokens, "the last word<|endoftext|>"),
    text("special-turn", .specialTokens, "<|im_start|>user\nhello<|im_end|>"),
    text("upper-case", .script, "SHOUTED Words And MiXeD Case"),
    text("chinese", .script, "磁盘已满，无法打开该文件。"),
    text("arabic", .script, "تعذر فتح الملف لأن القرص ممتلئ."),
    text("cyrillic", .script, "Не удалось открыть файл: диск заполнен."),
    text("emoji", .script, "Ship it 🚀 — 👩‍👩‍👧‍👦 🇯🇵 👍🏽"),
    Probe(name: "token-ids", kind: .tokenIDs, content: .tokenIDs(of: "token ids instead of a text")),
    Probe(name: "token-ids-bytes", kind: .tokenIDs, content: .byteTokenIDs(of: "single bytes")),
  ]

  /// Half of the components, and an eighth.
  private static func dimensions(hiddenSize: Int) -> [Probe] {
    [("half-of-the-dimensions", hiddenSize / 2), ("an-eighth-of-the-dimensions", hiddenSize / 8)]
      .filter { $0.1 >= 4 }
      .map { name, count in
        Probe(
          name: name, kind: .dimensions,
          content: .document("The file could not be opened because the disk is full."), dimensions: count)
      }
  }

  /// Texts that come a second time, after the long ones.
  private static let repetitions = ["plain-words", "plain-sentence"].compactMap { name in
    short.first { $0.name == name }.map {
      Probe(name: "\(name)-again", kind: .repetition, content: $0.content, repeated: name)
    }
  }

  private static let paragraph = """
    Gravity is a force that attracts two bodies towards each other. It gives weight to physical objects and is \
    responsible for the movement of planets around the sun.
    """
}

/// A text of exactly so many tokens that says something else at every place, so that a cut anywhere shows.
enum LongText {
  static func make(tokenCount: Int, count: (String) -> Int) -> String {
    var text = ""
    var number = 1
    while true {
      let longer = text + "\(number). The \(words[number * 7 % words.count]) of step \(number) follows.\n"
      if count(longer) > tokenCount { break }
      text = longer
      number += 1
    }
    while count(text + " a") <= tokenCount { text += " a" }
    return text
  }

  private static let words = [
    "water", "engine", "letter", "winter", "number", "garden", "reason", "market", "bridge", "silver",
    "window",
  ]
}
