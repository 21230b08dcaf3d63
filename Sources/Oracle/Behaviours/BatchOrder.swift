/// Do a batch's vectors belong to its texts, and its indices to its vectors?
enum BatchOrder {
  /// Of falling and rising length, so that an order by length shows.
  static let texts = [
    Consistency.others[2], "a", Consistency.text, "wooden table, iron chair", Consistency.longText,
    "deep water",
  ]

  static func findings(_ subject: BehaviourSubject) async throws(BackendError) -> [BehaviourFinding] {
    var alone: [[Float]?] = []
    for text in texts { alone.append(try await subject.vector(text)) }
    let answer = try await subject.backend.embed(VectorRequest(texts.map(BackendInput.text)))
    let places = answer.inAnswerOrder.map { nearest($0.vector, alone) }
    let indices = answer.indices
    guard Set(places.compactMap { $0 }).count == texts.count else {
      return [.notAsked(.batchOrder, "the vectors of the texts of a batch cannot be told apart")]
    }
    let inOrder = places.map { $0 ?? -1 }
    let isIdentity = inOrder == Array(texts.indices)
    let order = inOrder.map(String.init).joined(separator: ", ")
    guard !indices.isEmpty, subject.backend.dialect.hasIndices else {
      return [
        isIdentity
          ? .notSeen(.batchOrder, "\(texts.count) vectors are in the order of their texts")
          : .seen(.batchOrder, "the vectors of texts 0 to \(texts.count - 1) came in the order \(order)")
      ]
    }
    let given = indices.map { $0.map(String.init) ?? "none" }.joined(separator: ", ")
    if indices.map({ $0 ?? -1 }) == inOrder {
      return [
        .notSeen(.batchOrder, "\(texts.count) vectors belong to their texts"),
        .notSeen(.index, "\(texts.count) indices name the texts of their vectors"),
      ]
    }
    return [
      isIdentity
        ? .seen(.index, "vectors in the order of the texts have the indices \(given)")
        : .seen(.batchOrder, "the vectors of texts \(order) came with the indices \(given)")
    ]
  }

  /// The text whose own vector is nearest.
  private static func nearest(_ vector: [Float]?, _ alone: [[Float]?]) -> Int? {
    let differences = alone.map { BehaviourSubject.difference(vector, $0) }
    guard let least = differences.min(), least < 0.5 else { return nil }
    return differences.firstIndex(of: least)
  }
}
