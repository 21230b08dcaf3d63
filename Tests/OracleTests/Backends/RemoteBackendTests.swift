import Oracle
import Testing

/// Requests and answers in every dialect.
struct RemoteBackendTests {
  static func connect(
    _ address: String, _ change: (inout BackendSettings) -> Void = { _ in }
  ) async throws -> RemoteBackend {
    var settings = BackendSettings(address: address)
    settings.timeoutSeconds = 300
    change(&settings)
    return try await RemoteBackend.connect(settings)
  }

  @Test(arguments: ServerDialect.allCases)
  func aDialectIsFoundOut(_ dialect: ServerDialect) async throws {
    try await TestServer.run(serving: [dialect]) { address in
      let backend = try await Self.connect(address)
      #expect(backend.dialect == dialect)
      #expect(backend.model == (dialect.takesModel ? "test-model" : nil))
      let answer = try await backend.embed([.text("a"), .text("deep water")], dimensions: nil)
      #expect(answer.vectors.compactMap(\.vector).map(\.count) == [64, 64])
      #expect(answer.vectors[0] != answer.vectors[1])
    }
  }

  @Test func numbersAndBase64AreTheSameVector() async throws {
    try await TestServer.run { address in
      let backend = try await Self.connect(address)
      let numbers = try await backend.embed(VectorRequest([.text("a")]))
      let base64 = try await backend.embed(VectorRequest([.text("a")], usesBase64: true))
      #expect(numbers.vectors == base64.vectors)
      #expect(base64.isBase64 && !numbers.isBase64)
      #expect(numbers.tokenCount == 2)
    }
  }

  @Test(arguments: [ServedBehaviour.Flaw.sendsNull, .sendsNaN])
  func whatIsNoNumberIsCounted(_ flaw: ServedBehaviour.Flaw) async throws {
    try await TestServer.run(ServedBehaviour(flaw)) { address in
      let answer = try await Self.connect(address).embed([.text("a")], dimensions: nil)
      #expect(answer.vectors == [.notFinite(count: 1)])
    }
  }

  @Test func aBusyServerIsAskedAgain() async throws {
    try await TestServer.run(ServedBehaviour(.isBusyAtFirst)) { address in
      let answer = try await Self.connect(address).embed([.text("a")], dimensions: nil)
      #expect(answer.vectors[0].vector != nil)
    }
  }

  @Test func theKeyIsSent() async throws {
    var behaviour = ServedBehaviour()
    behaviour.key = "secret"
    try await TestServer.run(behaviour) { address in
      let answer = try await Self.connect(address) { $0.key = "secret" }.embed([.text("a")], dimensions: nil)
      #expect(answer.vectors[0].vector != nil)
      await #expect(
        throws: BackendError.status(401, "it wants an API key; pass one with --api-key: no such key")
      ) { try await Self.connect(address) }
      await #expect(throws: BackendError.status(401, "it does not take this API key: no such key")) {
        try await Self.connect(address) { $0.key = "guess" }
      }
    }
  }

  @Test func oneOfSeveralModelsMustBeNamed() async throws {
    var behaviour = ServedBehaviour()
    behaviour.models = ["one", "two"]
    try await TestServer.run(behaviour) { address in
      await #expect(
        throws: BackendError.malformed("the other side has 2 models; name one with --remote-model: one, two")
      ) { try await Self.connect(address) }
      let named = try await Self.connect(address) { $0.model = "two" }
      #expect(named.model == "two")
      let missing = try await Self.connect(address) { $0.model = "three" }
      await #expect(
        throws: BackendError.status(
          404, "there is nothing at /v1/embeddings, or no such model: there is no model 'three'")
      ) { try await missing.embed([.text("a")], dimensions: nil) }
    }
    behaviour.models.append("Qwen3-Embedding-0.6B")
    try await TestServer.run(behaviour) { address in
      let found = try await Self.connect(address)
      #expect(found.model == "Qwen3-Embedding-0.6B")
    }
  }

  @Test(arguments: [
    (ServedBehaviour.Flaw.answersText, "the answer is not JSON: at byte 0, expected a JSON value, found 'a'"),
    (
      .answersAPage,
      "the answer is not JSON, but looks like a web page: at byte 0, expected a JSON value, found '<'"
    ),
    (.answersNothing, "the answer is empty"), (.answersTooMany, "the answer has 2 vectors for 1 input"),
  ])
  func whatIsNoAnswerIsSaid(_ flaw: ServedBehaviour.Flaw, _ sentence: String) async throws {
    try await TestServer.run(ServedBehaviour(flaw)) { address in
      let backend = try await Self.connect(address)
      await #expect(throws: BackendError.malformed(sentence)) {
        try await backend.embed([.text("a")], dimensions: nil)
      }
    }
  }

  @Test func statusesAreExplained() async throws {
    try await TestServer.run(ServedBehaviour(.redirects)) { address in
      let backend = try await Self.connect(address)
      await #expect(
        throws: BackendError.status(307, "it redirects to https://elsewhere.test/; give that address")
      ) {
        try await backend.embed([.text("a")], dimensions: nil)
      }
    }
    try await TestServer.run(ServedBehaviour(.isAlwaysBusy)) { address in
      let backend = try await Self.connect(address)
      await #expect(throws: BackendError.status(429, "it is overloaded, after 6 attempts: busy")) {
        try await backend.embed([.text("a")], dimensions: nil)
      }
    }
  }

  @Test func aServerOfNoDialectIsSaid() async throws {
    try await TestServer.run(serving: []) { address in
      await #expect(
        throws: BackendError.malformed(
          "\(address) speaks no dialect known here (/v1/models gave status 404, /info gave status 404, /api/tags gave "
            + "status 404, /props gave status 404); name it with --dialect openai, tei, ollama, llama.cpp")
      ) { try await Self.connect(address) }
    }
  }
}
