import Synchronization
import Testing
import Touchstone
import TouchstoneServer

/// Whatever is merged with whatever, the vectors have the bits of the library's.
struct MergedVectorTests {
  private static func text(_ words: Int, _ seed: Int) -> String {
    (0..<words).map { "word\(($0 * 7 + seed * 13) % 97)" }.joined(separator: " ")
  }

  @Test(arguments: [0, 1 << 20]) func manyRequestsAtOnceGetTheLibrarysBits(cacheBytes: Int) async throws {
    var settings = ServiceSettings()
    settings.activations = .i8
    settings.cacheBytes = cacheBytes
    settings.scheduling.chunkTokens = 64
    settings.scheduling.longPassTokens = 300
    let service = TestService.make(settings)
    defer { service.scheduler.stop() }
    // Lengths from a word to passes of many chunks; two dimensions; queries and documents; some texts twice.
    let requests = (0..<24).map { number in
      var request = EmbeddingRequest(inputs: [
        EmbeddingInput(
          Self.text([1, 4, 30, 400][number % 4], number % 10), as: number % 3 == 0 ? .query : .document),
        EmbeddingInput(Self.text(2, number), as: .document),
      ])
      request.dimensions = number % 2 == 0 ? 64 : nil
      return request
    }
    let answers = try await withThrowingTaskGroup(of: (Int, EmbeddingAnswer).self) { group in
      for (number, request) in requests.enumerated() {
        group.addTask {
          (number, try await service.embed(request, for: Caller(client: ClientID("client \(number % 5)"))))
        }
      }
      return try await group.reduce(into: [Int: EmbeddingAnswer]()) { $0[$1.0] = $1.1 }
    }
    for (number, request) in requests.enumerated() {
      var options = EmbeddingOptions()
      options.activations = .i8
      options.dimensions = request.dimensions
      let expected = try TestService.model.embed(request.inputs, options: options)
      #expect(answers[number]?.results == expected, "request \(number)")
    }
  }

  @Test func aPassInAPauseChangesNoBits() throws {
    let model = TestService.model
    let long = TokenSequence(model.tokenizer.tokenIDs(of: Self.text(300, 1)))
    let short = TokenSequence(model.tokenizer.tokenIDs(of: "wrong password"))
    func states(_ sequence: TokenSequence) -> [[Float]]? {
      model.model.run(Pass([sequence], pooling: .last, activations: .i16, chunkLength: 1024)) { _ in true }
    }
    let expectedLong = states(long)
    let expectedShort = states(short)
    var inPauses: [[[Float]]?] = []
    let interrupted = model.model.run(
      Pass([long], pooling: .last, activations: .i16, chunkLength: 100)
    ) { runInPause in
      inPauses.append(runInPause(Pass([short], pooling: .last, activations: .i16, chunkLength: 1024)))
      return true
    }
    #expect(interrupted == expectedLong)
    #expect(inPauses.count > 20)
    #expect(inPauses.allSatisfy { $0 == expectedShort })
  }

  @Test func anObservedJobSeesEveryIntermediateAndKeepsItsBits() async throws {
    let model = TestService.model
    let ids = model.tokenizer.tokenIDs(of: Self.text(40, 3))
    let expected = Mutex<[String: [[Float]]]>([:])
    let direct = try model.observe(ids, options: EmbeddingOptions()) { name, layer, _, values in
      expected.withLock { $0["\(layer ?? -1) \(name)", default: []] += values }
    }
    let seen = Mutex<[String: [[Float]]]>([:])
    let scheduler = Scheduler()
    defer { scheduler.stop() }
    let job = Job(
      model: model.model, client: ClientID("a"), pooling: .last, activations: .i16,
      sequences: [TokenSequence(ids)],
      observer: JobObserver { name, layer, _, values in
        seen.withLock { $0["\(layer ?? -1) \(name)", default: []] += values }
      })
    async let other = scheduler.run(
      Job(
        model: model.model, client: ClientID("b"), pooling: .last, activations: .i16,
        sequences: [TokenSequence([1, 2, 3])]), for: ClientPresence())
    let result = try await scheduler.run(job, for: ClientPresence())
    _ = try await other
    #expect(result.states == [direct.pooled])
    #expect(seen.withLock { $0 } == expected.withLock { $0 })
  }
}
