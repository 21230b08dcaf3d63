import Testing
import Touchstone
import TouchstoneServer

/// Nothing is kept for a client that has gone, or that has waited for as long as a request may last.
@Suite(.serialized) struct DepartureTests {
  /// A job that the scheduler works on until the test lets it go: all others wait behind it.
  private static func block(_ scheduler: Scheduler, with model: StubModel) -> Task<Void, any Error> {
    Task {
      _ = try await scheduler.run(
        Job(model, client: "blocker", first: 1, lengths: [1]), for: ClientPresence(),
        until: .now + .seconds(600))
    }
  }

  @Test(.timeLimit(.minutes(10))) func clientsThatResetAtOnceLeaveNoJob() async throws {
    let request = #"{"input":"a client that sends and goes"}"#
    let bytes = Array(
      "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(request.utf8.count)\r\n\r\n\(request)"
        .utf8)
    try await LiveService.run { live in
      let scheduler = live.service.service.scheduler
      let model = StubModel(pauses: 1)
      let blocker = Self.block(scheduler, with: model)
      await model.waitForPasses(1)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<40 { group.addTask { try await live.sendAndReset(bytes) } }
        try await group.waitForAll()
      }
      // All of them have been taken on or given up by the time that one which stays is answered.
      let last = Task {
        try await live.exchange(
          "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(request.utf8.count)\r\nConnection: close\r\n\r\n\(request)"
        )
      }
      let clock = ContinuousClock()
      let end = clock.now + .seconds(300)
      // For half a second in a row.
      var agreements = 0
      while agreements < 25, clock.now < end {
        try await Task.sleep(for: .milliseconds(20))
        agreements = scheduler.load.jobs == 2 ? agreements + 1 : 0
      }
      #expect(agreements == 25, "the one that blocks, and the one that stays, not \(scheduler.load.jobs)")
      model.step()
      try await blocker.value
      #expect(try await last.value.statuses == [200])
      #expect(scheduler.load.jobs == 0 && scheduler.load.queuedTokens == 0)
    }
  }

  /// The time of a request is over whether or not a connection is there to say so.
  @Test(.timeLimit(.minutes(10))) func aDeadlineNeedsNoConnection() async throws {
    var settings = ServiceSettings()
    settings.limits.requestTimeout = .milliseconds(200)
    let service = TestService.make(settings)
    defer { service.scheduler.stop() }
    let model = StubModel(pauses: 1)
    let blocker = Self.block(service.scheduler, with: model)
    await model.waitForPasses(1)
    let presence = ClientPresence()
    await #expect(throws: CancellationError.self) {
      try await service.embed(
        EmbeddingRequest(inputs: ["a"]), for: Caller(client: ClientID("a"), presence: presence))
    }
    #expect(presence.departure == .outOfTime)
    #expect(service.scheduler.load.jobs == 1)
    // One after the other, so that the alarm is set more than once.
    for _ in 0..<2 {
      await #expect(throws: CancellationError.self) {
        try await service.embed(
          EmbeddingRequest(inputs: ["b"]),
          for: Caller(client: ClientID("a"), deadline: .now + .milliseconds(50)))
      }
    }
    model.step()
    try await blocker.value
    #expect(service.scheduler.load.jobs == 0)
  }

  @Test func aRequestWhoseTimeIsOverIsNotBegun() async throws {
    let service = TestService.make()
    defer { service.scheduler.stop() }
    await #expect(throws: CancellationError.self) {
      try await service.embed(
        EmbeddingRequest(inputs: ["a"]), for: Caller(client: ClientID("a"), deadline: .now - .seconds(1)))
    }
    #expect(service.scheduler.load.served == 0)
  }
}
