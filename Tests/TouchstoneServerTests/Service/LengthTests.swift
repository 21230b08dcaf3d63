import Testing
import Touchstone
import TouchstoneServer

/// What cannot fit is refused before anybody spends time on it, and what may fit is not.
struct LengthTests {
  private static func service(_ limit: Int) -> InferenceService {
    var settings = ServiceSettings()
    settings.limits.tokensPerInput = limit
    return TestService.make(settings, models: [.demo, TestReranker.served])
  }

  private static let caller = Caller(client: ClientID("a"))

  @Test func textsThatCannotFitAreNotTokenized() async throws {
    let service = Self.service(10)
    defer { service.scheduler.stop() }
    let longest = TestService.model.tokenizer.longestTokenBytes
    #expect(longest >= 8)
    let text = String(repeating: "a", count: 10 * longest + 1)
    await #expect(
      throws: ServiceError.inputTooLong(
        .init(subject: "input 1", parameter: "input", size: .bytes(10 * longest + 1), limit: 10))
    ) { try await service.embed(EmbeddingRequest(inputs: ["b", EmbeddingInput(text)]), for: Self.caller) }
    // One byte less may fit, and is counted.
    let shorter = String(text.dropLast())
    let count = TestService.model.tokenizer.count(shorter)
    await #expect(
      throws: ServiceError.inputTooLong(
        .init(subject: "input 0", parameter: "input", size: .tokens(count), limit: 10))
    ) { try await service.embed(EmbeddingRequest(inputs: [EmbeddingInput(shorter)]), for: Self.caller) }
    await #expect(
      throws: ServiceError.inputTooLong(
        .init(subject: "input 0", parameter: "input", size: .tokens(11), limit: 10))
    ) {
      try await service.embed(
        EmbeddingRequest(inputs: [EmbeddingInput(.tokenIDs(Array(repeating: 5, count: 11)))]),
        for: Self.caller)
    }
  }

  /// Text outside of ASCII may become shorter before it is tokenized.
  @Test func composedTextMayFit() async throws {
    let service = Self.service(10)
    defer { service.scheduler.stop() }
    let longest = TestService.model.tokenizer.longestTokenBytes
    let text = String(repeating: "e\u{301}", count: 10 * longest / 2)
    #expect(text.utf8.count > 10 * longest)
    let count = TestService.model.tokenizer.count(text)
    await #expect(
      throws: ServiceError.inputTooLong(
        .init(subject: "input 0", parameter: "input", size: .tokens(count), limit: 10))
    ) { try await service.embed(EmbeddingRequest(inputs: [EmbeddingInput(text)]), for: Self.caller) }
  }

  @Test func whatIsToBeCutIsCut() async throws {
    let service = Self.service(10)
    defer { service.scheduler.stop() }
    let longest = TestService.model.tokenizer.longestTokenBytes
    var request = EmbeddingRequest(inputs: [EmbeddingInput(String(repeating: "a ", count: 10 * longest))])
    request.truncation = .right
    #expect(try await service.embed(request, for: Self.caller).results[0].tokenCount == 10)
  }

  @Test func documentsAndQueriesThatCannotFitAreNotTokenized() async throws {
    let service = Self.service(400)
    defer { service.scheduler.stop() }
    let long = String(repeating: "a", count: 400 * TestReranker.model.tokenizer.longestTokenBytes + 1)
    await #expect(
      throws: ServiceError.inputTooLong(
        .init(
          subject: "documents[1]", parameter: "documents[1]", size: .bytes(long.utf8.count), limit: 400))
    ) { try await service.rerank(RerankRequest(query: "q", documents: ["a", long]), for: Self.caller) }
    await #expect {
      try await service.rerank(RerankRequest(query: long, documents: ["a"]), for: Self.caller)
    } throws: { error in
      if case .invalid(parameter: "query", _)? = error as? ServiceError { true } else { false }
    }
  }
}
