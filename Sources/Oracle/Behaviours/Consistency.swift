/// Does a text have one vector: asked again, in batches, after other texts?
enum Consistency {
  static let text = "The file could not be opened because the disk is full."
  static let others = [
    "wooden table, iron chair",
    "Which of the two bridges was built first?",
    "Gravity is a force that attracts two bodies towards each other. It gives weight to physical objects and is "
      + "responsible for the movement of planets around the sun.",
    "a",
  ]
  /// Some 150 tokens that do not repeat: small contexts hold them too.
  static let longText = (1...12).map { "Step \($0): turn the wheel \($0 * 7 % 11) times." }.joined(
    separator: " ")

  static let repetitionCount = 6

  static func repetition(_ subject: BehaviourSubject) async throws(BackendError) -> [BehaviourFinding] {
    // The first request may warm something up, and must answer the same all the same.
    var kinds: [[Float]] = []
    var sequence = ""
    var largest = 0.0
    for _ in 0..<repetitionCount {
      guard let vector = try await subject.vector(text) else {
        return [.notAsked(.alternating, "the answers have no vectors of finite numbers")]
      }
      largest = max(largest, kinds.first.map { BehaviourSubject.difference($0, vector) } ?? 0)
      let kind = kinds.firstIndex { BehaviourSubject.difference($0, vector) <= subject.tolerance }
      if kind == nil { kinds.append(vector) }
      sequence.unicodeScalars.append(Unicode.Scalar(UInt8(ascii: "A") + UInt8(kind ?? kinds.count - 1)))
    }
    guard kinds.count == 1 else {
      return [
        .seen(
          .alternating,
          "\(repetitionCount) equal requests, one after the other, had \(kinds.count) different vectors, in the order "
            + "\(sequence), up to 1 − cos \(Figures.short(largest)) apart")
      ]
    }
    subject.noteRepetition(largest)
    return [
      .notSeen(.alternating, "\(repetitionCount) equal requests differ by at most \(Figures.short(largest))")
    ]
  }

  static func batches(_ subject: BehaviourSubject) async throws(BackendError) -> [BehaviourFinding] {
    let makeUps: [(name: String, texts: [String], place: Int)] = [
      ("with a long text after it", [text, longText], 0),
      ("with a long text before it", [longText, text], 1),
      ("among four short texts", [others[0], others[1], text, others[3], others[2]], 2),
      ("three times in one request", [text, text, text], 2),
    ]
    var worst = (name: "", difference: 0.0)
    for makeUp in makeUps {
      let before = try await subject.vector(text)
      let vector = try await subject.vectors(makeUp.texts.map(BackendInput.text))[makeUp.place]
      let after = try await subject.vector(text)
      guard vector != nil, before != nil, after != nil else {
        return [.notAsked(.dependsOnBatch, "a text has no vector \(makeUp.name)")]
      }
      // Vectors that change with what was asked before are a mistake of their own.
      let difference = min(
        BehaviourSubject.difference(before, vector), BehaviourSubject.difference(after, vector))
      if difference > worst.difference { worst = (makeUp.name, difference) }
    }
    guard worst.difference > subject.tolerance else {
      return [
        .notSeen(
          .dependsOnBatch,
          "alone and in \(makeUps.count) batches a text's vectors differ by at most \(Figures.short(worst.difference))"
        )
      ]
    }
    return [
      .seen(
        .dependsOnBatch,
        "alone and \(worst.name), a text's vectors differ by 1 − cos \(Figures.short(worst.difference))")
    ]
  }

  static func history(_ subject: BehaviourSubject) async throws(BackendError) -> [BehaviourFinding] {
    let before = try await subject.vector(text)
    let histories: [(name: String, text: String)] = [
      ("a long text", longText), ("a text that goes on after the same words", text + " " + longText),
      ("a text with the same end", others[1] + " " + text), ("a text of one token", "a"),
    ]
    var worst = (name: "", difference: 0.0)
    for history in histories {
      _ = try await subject.vector(history.text)
      let after = try await subject.vector(text)
      guard before != nil, after != nil else {
        return [.notAsked(.dependsOnHistory, "a text has no vector after \(history.name)")]
      }
      let difference = BehaviourSubject.difference(before, after)
      if difference > worst.difference { worst = (history.name, difference) }
    }
    guard worst.difference > subject.tolerance else {
      return [
        .notSeen(
          .dependsOnHistory,
          "after \(histories.count) other texts a text's vector differs by at most \(Figures.short(worst.difference))"
        )
      ]
    }
    return [
      .seen(
        .dependsOnHistory,
        "after \(worst.name) a text's vector differs from the one before by 1 − cos \(Figures.short(worst.difference))"
      )
    ]
  }
}
