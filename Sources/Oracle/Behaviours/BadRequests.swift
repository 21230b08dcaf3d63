import JSON

/// What becomes of requests that make no sense: a good server refuses them with a status from 400 to 499.
enum BadRequests {
  private struct Request {
    let behaviour: Behaviour
    /// What a sentence calls it.
    let name: String
    let body: [UInt8]
  }

  static func findings(_ subject: BehaviourSubject) async throws(BackendError) -> [BehaviourFinding] {
    var findings: [BehaviourFinding] = []
    for (behaviour, requests) in try await groups(subject) where !requests.isEmpty {
      var wrong: [String] = []
      for request in requests {
        if let happened = try await happened(request, subject) {
          wrong.append("\(request.name): \(happened)")
        }
      }
      findings.append(
        wrong.isEmpty
          ? .notSeen(behaviour, "refused: " + requests.map(\.name).joined(separator: ", "))
          : .seen(behaviour, wrong.joined(separator: "; ")))
    }
    return findings
  }

  /// What is wrong with the answer; nil where it is right.
  private static func happened(
    _ request: Request, _ subject: BehaviourSubject
  ) async throws(BackendError) -> String? {
    let reply: HTTPReply
    do {
      reply = try await subject.backend.exchange.send(subject.backend.dialect.path, body: request.body)
    } catch {
      switch error {
      case .cancelled: throw error
      case .unreachable, .late, .malformed, .status:
        // A server that has ended refuses the next request too, and is told so elsewhere.
        try await subject.checkThatItAnswers()
        return "no answer (\(error))"
      }
    }
    // Busy, or locked: that says nothing of this request.
    if [401, 403, 429, 503].contains(reply.status) { return nil }
    if reply.isSuccess, let message = reply.serverMessage {
      return "status \(reply.status), with an error in the body (\(message))"
    }
    if reply.isSuccess {
      // Ollama loads a model when it is asked for nothing, as its documentation says.
      if request.behaviour == .statusEmptyList, subject.backend.dialect == .ollama { return nil }
      return "status \(reply.status) instead of a refusal"
    }
    return reply.status >= 500 && reply.status != 501 ? "status \(reply.status) instead of 400 or 422" : nil
  }

  /// From the harmless to what may end a server.
  private static func groups(
    _ subject: BehaviourSubject
  ) async throws(BackendError) -> [(Behaviour, [Request])] {
    let (dialect, model) = (subject.backend.dialect, subject.backend.model)
    func request(_ behaviour: Behaviour, _ name: String, _ value: JSONValue) -> Request {
      var bytes: [UInt8] = []
      bytes.append(json: value)
      return Request(behaviour: behaviour, name: name, body: bytes)
    }
    func input(_ behaviour: Behaviour, _ name: String, _ input: JSONValue?) -> Request {
      request(behaviour, name, dialect.body(input: input, model: model))
    }
    let wrongType = Behaviour.statusWrongType
    // The control for what is asked in lists.
    let takesLists = try await subject.refusalOfLists() == nil
    var groups: [(Behaviour, [Request])] = [
      (.statusEmptyList, takesLists ? [input(.statusEmptyList, "an empty list", .array([]))] : []),
      (.statusMissingInput, [input(.statusMissingInput, "no input", nil)]),
      (
        wrongType,
        [
          input(wrongType, "an object", .object([.init("text", .string("a"))])),
          input(wrongType, "a truth value", .bool(true)),
        ]
          + (takesLists
            ? [input(wrongType, "a list with a text and an object", .array([.string("a"), .object([])]))]
            : [])
      ),
      (
        .statusBrokenJSON,
        [
          Request(
            behaviour: .statusBrokenJSON, name: "half a JSON object", body: Array("{\"input\": \"a".utf8)),
          Request(behaviour: .statusBrokenJSON, name: "an empty body", body: []),
        ]
      ),
    ]
    if try await takesDimensions(subject) {
      let counts = [subject.reference.hiddenSize * 2, 0, -1]
      groups.append(
        (
          .statusDimensions,
          counts.map { count in
            request(
              .statusDimensions, "\(count) dimensions",
              dialect.body(
                input: subject.backend.sendsLists ? .array([.string("a")]) : .string("a"), model: model,
                dimensions: .number(count)))
          }
        ))
    }
    if dialect.takesTokenIDs, try await answersTokenIDs(subject) {
      let ids = [subject.reference.vocabularySize + 1000, -1]
      groups.append(
        (
          .statusTokenIDs,
          ids.map { id in
            let list = JSONValue.array([.number(id)])
            return input(
              .statusTokenIDs, "token id \(id)", dialect == .textEmbeddingsInference ? .array([list]) : list)
          }
        ))
    }
    return groups
  }

  /// The control for unknown token ids: known ones have a vector, or are refused with a sentence.
  private static func answersTokenIDs(_ subject: BehaviourSubject) async throws(BackendError) -> Bool {
    do {
      _ = try await subject.vectors([.tokenIDs(subject.reference.tokenIDs("token ids instead of a text"))])
      return true
    } catch {
      switch error {
      case .cancelled: throw error
      case .status(let code, _): return (400..<500).contains(code)
      case .malformed, .unreachable, .late: return false
      }
    }
  }

  /// Whether a number of dimensions has an effect at all; ignoring it is a mistake of its own.
  private static func takesDimensions(_ subject: BehaviourSubject) async throws(BackendError) -> Bool {
    guard subject.backend.takesDimensions, subject.reference.hiddenSize >= 8 else { return false }
    let wanted = subject.reference.hiddenSize / 2
    do {
      let answer = try await subject.backend.embed([.text("a")], dimensions: wanted)
      return answer.vectors[0].vector?.count == wanted
    } catch {
      if case .cancelled = error { throw error }
      return false
    }
  }

  /// A server that lists one model and answers for any name may have another than the user thinks.
  static func unknownModel(_ subject: BehaviourSubject) async throws(BackendError) -> String? {
    let dialect = subject.backend.dialect
    guard dialect.takesModel, subject.backend.model != nil else { return nil }
    var body: [UInt8] = []
    body.append(
      json: dialect.body(
        input: subject.backend.sendsLists ? .array([.string("a")]) : .string("a"),
        model: "touchstone-check-no-such-model"))
    let reply = try await subject.backend.exchange.send(dialect.path, body: body)
    if reply.isSuccess, reply.serverMessage == nil {
      return "the model's name in a request has no effect: an unknown one is answered too"
    }
    return reply.status >= 500
      ? "an unknown model is answered with status \(reply.status) instead of 404" : nil
  }
}
