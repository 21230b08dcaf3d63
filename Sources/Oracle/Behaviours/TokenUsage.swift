/// Are the tokens that an answer reports those of its texts?
enum TokenUsage {
  /// In lower case and without white space to strip: changing texts is a mistake of its own.
  private static let sentence = "which of the two bridges was built first, and by whom?"
  private static let requests: [[String]] = [
    ["a"], ["wooden table, iron chair"], [sentence], ["a", sentence, "deep water"],
  ]

  static func findings(_ subject: BehaviourSubject) async throws(BackendError) -> [BehaviourFinding] {
    var counts: [(texts: [String], reported: Int, right: Int)] = []
    let takesLists = try await subject.refusalOfLists() == nil
    for texts in requests where takesLists || texts.count == 1 {
      let answer = try await subject.backend.embed(VectorRequest(texts.map(BackendInput.text)))
      guard let reported = answer.tokenCount else {
        return [.notAsked(.usage, "the answers report no tokens")]
      }
      counts.append((texts, reported, texts.reduce(0) { $0 + subject.reference.tokenCount($1) }))
    }
    guard let wrong = counts.first(where: { $0.reported != $0.right }) else {
      return [.notSeen(.usage, "\(counts.count) answers report the right number of tokens")]
    }
    let examples = counts.map { "\($0.reported) for \($0.right)" }.joined(separator: ", ")
    return [.seen(.usage, "\(pattern(counts) ?? "\(wrong.reported) tokens for \(wrong.right)"): \(examples)")]
  }

  private static func pattern(_ counts: [(texts: [String], reported: Int, right: Int)]) -> String? {
    func all(_ predicted: (String) -> Int) -> Bool {
      counts.allSatisfy { count in count.texts.reduce(0) { $0 + predicted($1) } == count.reported }
    }
    if counts.allSatisfy({ $0.reported == 0 }) { return "always 0" }
    if all({ $0.utf8.count }) { return "bytes are counted instead of tokens" }
    if all({ $0.split(separator: " ").count }) { return "words are counted instead of tokens" }
    for offset in [-1, 1, -2, 2]
    where counts.allSatisfy({ $0.reported == $0.right + offset * $0.texts.count }) {
      return "\(abs(offset)) \(offset < 0 ? "fewer" : "more") for each text"
        + (offset == -1 ? ", as if the end of text did not count" : "")
    }
    if counts.allSatisfy({ $0.reported == $0.right - 1 }) { return "one fewer for each request" }
    return nil
  }
}
