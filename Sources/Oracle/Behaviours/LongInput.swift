/// What happens to texts above a limit: a cut without a word, a failure, a sentence?
package struct LongInput {
  let subject: BehaviourSubject

  /// What is sent where nobody asked for long texts.
  package static let defaultLength = lengths[0]
  /// Just above the limits that engines are known to have.
  static let lengths = [512, 1024, 2048, 4096, 8192, 16384].map { $0 + 40 }

  static func findings(_ subject: BehaviourSubject) async throws(BackendError) -> [BehaviourFinding] {
    try await LongInput(subject: subject).findings()
  }

  private func findings() async throws(BackendError) -> [BehaviourFinding] {
    let sees = try await subject.seesBothEnds.seen()
    let lengths = Self.lengths.filter { $0 <= subject.longestText }
    guard let longest = lengths.last else {
      return [
        .notAsked(.truncation, "the context of the model, or --longest, is below \(Self.lengths[0]) tokens")
      ]
    }
    for length in lengths {
      let text = CountedText(tokenCount: length, subject.reference.tokenCount)
      let whole: [Float]?
      do {
        whole = try await subject.vector(text.text)
      } catch {
        if let failure = try await failure(error, text) { return [failure] }
        return [.notSeen(.truncation, "texts of \(text.tokens) tokens are refused: \(error)")]
      }
      if sees.end, subject.isSame(whole, try await subject.vector(text.changed(atEnd: true).text)) {
        return [try await cut(text, whole, keepsTail: false)]
      }
      if sees.start, subject.isSame(whole, try await subject.vector(text.changed(atEnd: false).text)) {
        return [try await cut(text, whole, keepsTail: true)]
      }
    }
    guard sees.start, sees.end else {
      return [.notAsked(.truncation, "texts that differ at one end have the same vector, short ones too")]
    }
    return [
      .notSeen(.truncation, "texts of \(longest) tokens that differ at one end have different vectors"),
      .notSeen(.longInputFails, "a text of \(longest) tokens has a vector"),
    ]
  }

  // MARK: Cuts

  /// Finds how many tokens are left, by halving: the shortest beginning that has the vector of the whole.
  private func cut(
    _ text: CountedText, _ whole: [Float]?, keepsTail: Bool
  ) async throws(BackendError) -> BehaviourFinding {
    func part(_ count: Int) -> CountedText { keepsTail ? text.last(count) : text.first(count) }
    var (low, high) = (1, text.words.count)
    while low < high {
      let middle = (low + high) / 2
      if subject.isSame(whole, try await subject.vector(part(middle).text)) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    let kept = part(low).tokens
    let side = keepsTail ? "last" : "first"
    let seen = "a text of \(text.tokens) tokens has the vector of its \(side) \(kept)"
    let limits: [TokenLimit] =
      keepsTail
      ? [TokenLimit(count: kept, cut: .keepsTail)]
      : [TokenLimit(count: kept, cut: .keepsEnd), TokenLimit(count: kept - 1, cut: .dropsEnd)]
    let fits = limits.map { limit in
      (limit, BehaviourSubject.difference(whole, subject.reference.vector(text.text, limit)))
    }
    guard let best = fits.min(by: { $0.1 < $1.1 }), best.1 <= max(subject.tolerance, 1e-3) else {
      return .seen(.truncation, "\(seen) (the end of text counted): the limit is \(limitName(kept))")
    }
    let match = "1 − cos \(Figures.short(best.1)) from the reference cut there"
    if best.0.cut == .dropsEnd {
      return .seen(
        .truncationDropsEnd,
        "\(seen) and of the reference's first \(best.0.count) tokens without the end of text (\(match)): the limit is "
          + "\(best.0.count) tokens, the end of text is cut off")
    }
    return .seen(.truncation, "\(seen), the end of text kept (\(match)): the limit is \(limitName(kept))")
  }

  /// A limit that is round without the end of text does not count it.
  private func limitName(_ kept: Int) -> String {
    if kept % 64 != 0, (kept - 1) % 64 == 0 { return "\(kept - 1) tokens, the end of text on top" }
    return "\(kept) tokens"
  }

  // MARK: Failures

  /// nil: the text was refused properly.
  private func failure(
    _ error: BackendError, _ text: CountedText
  ) async throws(BackendError) -> BehaviourFinding? {
    switch error {
    case .cancelled: throw error
    case .status(429, _), .status(503, _): throw error
    case .status(let code, _) where code < 500: return nil
    // A server that hangs or dies is not asked a dozen times more.
    case .unreachable, .late, .malformed:
      return .seen(.longInputFails, "a text of \(text.tokens) tokens: \(error)")
    case .status: break
    }
    var (accepted, refused) = (0, text.words.count)
    while refused - accepted > 1 {
      let middle = (accepted + refused) / 2
      do {
        _ = try await subject.vector(text.first(middle).text)
        accepted = middle
      } catch {
        if case .cancelled = error { throw error }
        refused = middle
      }
    }
    guard accepted > 0 else { return .seen(.longInputFails, "a text of \(text.tokens) tokens: \(error)") }
    return .seen(
      .longInputFails,
      "texts of up to \(text.first(accepted).tokens) tokens have a vector; one of \(text.tokens): \(error)")
  }
}
