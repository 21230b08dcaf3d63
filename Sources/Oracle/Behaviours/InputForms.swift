/// Inputs that are no plain texts, and forms of the answer.
enum InputForms {
  static func lists(_ subject: BehaviourSubject) async throws(BackendError) -> [BehaviourFinding] {
    guard let reason = try await subject.refusalOfLists(again: true) else {
      return [.notSeen(.listsRefused, "two texts in a list have two vectors")]
    }
    // The control: each of them has a vector alone.
    for text in ["a", "deep water"] {
      guard try await subject.vector(text) != nil else {
        return [.notAsked(.listsRefused, "the answers have no vectors of finite numbers")]
      }
    }
    return [.seen(.listsRefused, "two texts that have vectors alone, in a list: \(reason)")]
  }

  static func emptyText(_ subject: BehaviourSubject) async throws(BackendError) -> [BehaviourFinding] {
    // No token, no vector: a missing end of text is a mistake of its own.
    guard subject.reference.tokenCount("") > 0 else {
      return [.notSeen(.emptyText, "without an end of text an empty text has no token")]
    }
    do {
      let alone = try await subject.backend.embed(VectorRequest([.text("")])).vectors[0]
      if case .refused(let reason) = alone { return [.seen(.emptyText, reason)] }
    } catch {
      switch error {
      case .status(429, _), .status(503, _): throw error
      // Also an error with status 200: the status is wrong, the refusal is not.
      case .status(..<500, _): return [.notSeen(.emptyText, "an empty text is refused: \(error)")]
      case .status, .malformed: return [.seen(.emptyText, "an empty text: \(error)")]
      case .unreachable, .late, .cancelled: throw error
      }
    }
    // The control: texts that are not empty have vectors in a list.
    if try await subject.refusalOfLists() != nil {
      return [.notSeen(.emptyText, "an empty text has a vector; lists are refused")]
    }
    do {
      let answer = try await subject.backend.embed(
        VectorRequest([.text("a"), .text(""), .text("deep water")]))
      if case .refused(let reason) = answer.vectors[1] {
        return [.seen(.emptyText, "among other texts: \(reason)")]
      }
    } catch {
      switch error {
      case .status(429, _), .status(503, _): throw error
      case .status, .malformed: return [.seen(.emptyText, "an empty text among others: \(error)")]
      case .unreachable, .late, .cancelled: throw error
      }
    }
    return [.notSeen(.emptyText, "an empty text has a vector, alone and among others")]
  }

  static func tokenIDs(_ subject: BehaviourSubject) async throws(BackendError) -> [BehaviourFinding] {
    guard subject.backend.takesTokenIDs else {
      return [
        .notAsked(.tokenIDsWithoutEnd, "\(subject.backend.dialect.title)'s dialect does not carry token ids"),
        .notAsked(
          .tokenIDsRetokenized, "\(subject.backend.dialect.title)'s dialect does not carry token ids"),
      ]
    }
    let text = "token ids instead of a text"
    let ids = subject.reference.tokenIDs(text)
    let ofText = try await subject.vector(text)
    let ofIDs: [Float]?
    do {
      ofIDs = try await subject.vectors([.tokenIDs(ids)])[0]
    } catch {
      guard case .status = error else { throw error }
      // A service may take texts alone: ids of another vocabulary are a frequent mistake of clients.
      return [
        .notAsked(.tokenIDsWithoutEnd, "token ids are refused: \(error)"),
        .notAsked(.tokenIDsRetokenized, "token ids are refused"),
      ]
    }
    func isNear(_ a: [Float]?, _ b: [Float]?) -> Bool {
      BehaviourSubject.difference(a, b) <= subject.tolerance
    }
    if !isNear(ofText, ofIDs) {
      let ended = try await subject.vectors([.tokenIDs(ids + [subject.reference.endOfText])])[0]
      guard isNear(ofText, ended) else {
        return [
          .notAsked(
            .tokenIDsWithoutEnd,
            "the ids of a text have another vector than the text, with and without its end")
        ]
      }
      return [
        .seen(
          .tokenIDsWithoutEnd,
          "the ids of a text have the text's vector only with the end of text appended to them")
      ]
    }
    return [
      .notSeen(.tokenIDsWithoutEnd, "the ids of a text have the text's vector"),
      try await retokenized(subject),
    ]
  }

  private static func retokenized(_ subject: BehaviourSubject) async throws(BackendError) -> BehaviourFinding
  {
    let text = "single bytes"
    let bytes = subject.reference.byteTokenIDs(text)
    guard bytes != subject.reference.tokenIDs(text) else {
      return .notAsked(.tokenIDsRetokenized, "this vocabulary has no merges to tell by")
    }
    let ofBytes = try await subject.vectors([.tokenIDs(bytes)])[0]
    return subject.isSame(ofBytes, try await subject.vector(text))
      ? .seen(.tokenIDsRetokenized, "the ids of a text's single bytes have the vector of the text")
      : .notSeen(.tokenIDsRetokenized, "ids that no tokenizer gives have a vector of their own")
  }

  static func encodingFormat(_ subject: BehaviourSubject) async throws(BackendError) -> [BehaviourFinding] {
    guard subject.backend.dialect.takesEncodingFormat else { return [] }
    let text = BackendInput.text(Consistency.text)
    let floats = try await subject.backend.embed(VectorRequest([text]))
    guard !floats.isBase64 else { return [.seen(.encodingFormat, "floats were asked for and base64 came")] }
    let base64: BackendAnswer
    do {
      base64 = try await subject.backend.embed(VectorRequest([text], usesBase64: true))
    } catch {
      switch error {
      case .status(429, _), .status(503, _): throw error
      case .status(let code, _) where code < 500 || code == 501:
        return [.notSeen(.encodingFormat, "base64 is refused: \(error)")]
      case .status, .malformed, .unreachable, .late:
        return [.seen(.encodingFormat, "asked for base64: \(error)")]
      case .cancelled: throw error
      }
    }
    guard base64.isBase64 else { return [.seen(.encodingFormat, "base64 was asked for and numbers came")] }
    let difference = BehaviourSubject.difference(floats.vectors[0].vector, base64.vectors[0].vector)
    guard difference <= subject.tolerance else {
      return [
        .notSeen(.encodingFormat, "base64 comes where it is asked for"),
        .seen(
          .base64Wrong,
          "base64, read as little-endian float32, differs from the numbers by 1 − cos \(Figures.short(difference))"
        ),
      ]
    }
    return [
      .notSeen(.encodingFormat, "base64 comes where it is asked for"),
      .notSeen(.base64Wrong, "numbers and base64 have the same vector"),
    ]
  }
}
