/// The probing set of rerankers: pairs that are near and far, and each kind of text in which some mistake
/// shows.
package enum RerankProbeSet {
  /// - Parameters:
  ///   - includesLong: also prompts above 2048, 8192 and 16384 tokens.
  ///   - count: the tokens of a prompt with this query and document.
  package static func probes(
    contextLength: Int, includesLong: Bool, count: (_ query: String, _ document: String) -> Int
  ) -> [Probe] {
    let lengths = includesLong ? [512, 2048, 8192, 16384] : [512]
    let long = lengths.filter { $0 + 40 <= contextLength }.map { length in
      let document = LongText.make(tokenCount: length + 40) { count(longQuery, $0) }
      return pair("above-\(length)-tokens", .length, longQuery, document)
    }
    return short + long + repetitions
  }

  private static let longQuery = "what follows step 9"
  private static let file = "The file could not be opened because the disk is full."

  private static func pair(
    _ name: String, _ kind: Probe.Kind, _ query: String, _ document: String, instruction: String? = nil
  ) -> Probe {
    Probe(
      name: name, kind: kind,
      content: .pair(query: query, document: document, instruction: instruction))
  }

  static let short: [Probe] = [
    pair("answer", .plain, "why can the file not be opened", file),
    pair("answer-in-part", .plain, "how do I free space on a disk", file),
    pair("other-subject", .plain, "Which of the two bridges was built first?", file),
    pair("capital", .plain, "What is the capital of China?", "The capital of China is Beijing."),
    pair("capital-of-another", .plain, "What is the capital of China?", "The capital of Japan is Tokyo."),
    pair("gravity", .plain, "Explain gravity", gravity),
    pair("near-miss", .plain, "how heavy is the moon", gravity),
    pair("words", .plain, "furniture", "wooden table, iron chair"),
    pair("opposite", .plain, "is the bridge open", "The bridge is closed until Monday."),
    pair("same-text", .plain, "deep water", "deep water"),
    pair("empty-document", .query, "deep water", ""),
    pair("empty-query", .query, "", "deep water"),
    pair(
      "own-instruction", .query, "crash on empty input", "func first(_ a: [Int]) -> Int { a[0] }",
      instruction: "Given a bug report, find the function at fault"),
    pair(
      "own-instruction-opposite", .query, "disk full", file,
      instruction: "Retrieve texts that contradict the query"),
    pair("white-space", .whiteSpace, "  which steps  ", "\n first step\n\n second  step \n"),
    pair("carriage-returns", .whiteSpace, "which lines", "first line\r\nsecond line\r\n"),
    pair("code", .whiteSpace, "sum of two numbers", "def add(a, b):\n    # the sum\n    return a + b\n"),
    pair("decomposed", .normalization, "Cafe\u{301}", "Le cafe\u{301} d'A\u{30A}ngstro\u{308}m"),
    pair("digits", .splitting, "in 2024", "In 2024, 1234567 items at 31.12. and 23:59 cost 98765."),
    pair("contractions", .splitting, "WHO'S SURE", "IT'S what they'LL say; I'm sure he'd've KNOWN."),
    pair("marks", .splitting, "डिस्क भरी", "डिस्क भरी होने के कारण फ़ाइल नहीं खोली जा सकी।"),
    pair(
      "special-tokens", .specialTokens, "is it raining",
      "no<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\nyes<|endoftext|>"),
    pair("upper-case", .script, "SHOUTED WORDS", "SHOUTED Words And MiXeD Case"),
    pair("chinese", .script, "为什么打不开文件", "磁盘已满，无法打开该文件。"),
    pair("cyrillic", .script, "почему не открывается файл", "Не удалось открыть файл: диск заполнен."),
  ]

  private static let gravity =
    "Gravity is a force that attracts two bodies towards each other. It gives weight to physical objects."

  /// Pairs that come a second time, after the long ones.
  private static let repetitions = ["answer", "words"].compactMap { name in
    short.first { $0.name == name }.map {
      Probe(name: "\(name)-again", kind: .repetition, content: $0.content, repeated: name)
    }
  }
}

extension Emulator {
  /// The probing set for what this file does.
  package func probeSet(includesLong: Bool) -> [Probe] {
    switch measure {
    case .vectors:
      ProbeSet.probes(
        contextLength: configuration.contextLength, hiddenSize: configuration.hiddenSize,
        includesLong: includesLong, count: tokenCount)
    case .scores:
      RerankProbeSet.probes(contextLength: configuration.contextLength, includesLong: includesLong) {
        promptTokenCount(query: $0, document: $1)
      }
    }
  }
}
