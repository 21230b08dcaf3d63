import Testing
import Touchstone
import TouchstoneServer

struct SchedulerTests {
  private func sums(_ result: JobResult) -> [Float] { result.states.map { $0[0][0] } }

  @Test func whatWaitsWhenAPassEndsMakesUpTheNext() async throws {
    let model = StubModel(pauses: 1)
    let scheduler = Scheduler()
    defer { scheduler.stop() }
    async let first = scheduler.run(Job(model, first: 1, lengths: [10]), for: ClientPresence())
    await model.waitForPasses(1)
    async let second = scheduler.run(
      Job(model, client: "b", first: 20, lengths: [3, 4]), for: ClientPresence())
    async let third = scheduler.run(Job(model, client: "c", first: 30, lengths: [5]), for: ClientPresence())
    await scheduler.waitForJobs(3)
    model.step()
    model.step()
    #expect(sums(try await first) == [10])
    #expect(sums(try await second) == [60, 84])
    #expect(sums(try await third) == [150])
    #expect(model.passes.count == 2)
    #expect(Set(model.passes[1]) == [20, 21, 30])
  }

  @Test func aShortSequenceRunsInThePauseOfALongPass() async throws {
    let model = StubModel(pauses: 2)
    let scheduler = Scheduler()
    defer { scheduler.stop() }
    async let long = scheduler.run(Job(model, first: 1, lengths: [5000]), for: ClientPresence())
    await model.waitForPasses(1)
    async let query = scheduler.run(Job(model, client: "b", first: 7, lengths: [4]), for: ClientPresence())
    await scheduler.waitForJobs(2)
    model.step()
    #expect(sums(try await query) == [28])
    #expect(scheduler.load.jobs == 1, "the long one is still at work")
    model.step()
    #expect(sums(try await long) == [5000])
  }

  @Test func aLongSequenceDoesNotInterruptALongPass() async throws {
    let model = StubModel(pauses: 1)
    let scheduler = Scheduler()
    defer { scheduler.stop() }
    async let first = scheduler.run(Job(model, first: 1, lengths: [2000]), for: ClientPresence())
    await model.waitForPasses(1)
    async let second = scheduler.run(Job(model, client: "b", first: 2, lengths: [900]), for: ClientPresence())
    await scheduler.waitForJobs(2)
    model.step()
    _ = try await first
    model.step()
    #expect(sums(try await second) == [1800])
    #expect(model.passes == [[1], [2]])
  }

  @Test func aPassThatNobodyWaitsForEnds() async throws {
    let model = StubModel(pauses: 1000)
    let scheduler = Scheduler()
    defer { scheduler.stop() }
    let presence = ClientPresence()
    let abandoned = Task { try await scheduler.run(Job(model, first: 1, lengths: [5000]), for: presence) }
    await model.waitForPasses(1)
    presence.leave(.disconnected)
    await #expect(throws: CancellationError.self) { try await abandoned.value }
    // One step is enough for a pass of a thousand pauses to end, and for the next to begin.
    model.step()
    let next = Task { try await scheduler.run(Job(model, first: 2, lengths: [3]), for: ClientPresence()) }
    await model.waitForPasses(2)
    next.cancel()
    await #expect(throws: CancellationError.self) { try await next.value }
    model.step()
    #expect(model.passes == [[1], [2]])
  }

  @Test func aClientThatGoesTakesItsJobOutOfTheQueue() async throws {
    let model = StubModel(pauses: 1)
    let scheduler = Scheduler()
    defer { scheduler.stop() }
    async let first = scheduler.run(Job(model, first: 1, lengths: [10]), for: ClientPresence())
    await model.waitForPasses(1)
    let presence = ClientPresence()
    let waiting = Task { try await scheduler.run(Job(model, first: 2, lengths: [10]), for: presence) }
    await scheduler.waitForJobs(2)
    #expect(scheduler.load.queuedTokens == 10)
    presence.leave(.outOfTime)
    await #expect(throws: CancellationError.self) { try await waiting.value }
    #expect(scheduler.load.queuedTokens == 0)
    model.step()
    _ = try await first
    #expect(model.passes == [[1]])
  }

  @Test func aFullQueueRefuses() async throws {
    let model = StubModel(pauses: 1)
    let scheduler = Scheduler(queuedTokens: 100)
    defer { scheduler.stop() }
    async let first = scheduler.run(Job(model, first: 1, lengths: [10]), for: ClientPresence())
    await model.waitForPasses(1)
    async let second = scheduler.run(Job(model, first: 2, lengths: [90]), for: ClientPresence())
    await scheduler.waitForJobs(2)
    await #expect(throws: ServiceError.overloaded(retryAfterSeconds: 1)) {
      try await scheduler.run(Job(model, first: 3, lengths: [11]), for: ClientPresence())
    }
    async let third = scheduler.run(Job(model, first: 4, lengths: [10]), for: ClientPresence())
    await scheduler.waitForJobs(3)
    for _ in 0..<2 { model.step() }
    for result in [try await first, try await second, try await third] { #expect(result.states.count == 1) }
  }

  @Test func theEndFailsWhatStillWaits() async throws {
    let model = StubModel(pauses: 1)
    let scheduler = Scheduler()
    let waiting = Task { try await scheduler.run(Job(model, first: 1, lengths: [10]), for: ClientPresence()) }
    await model.waitForPasses(1)
    scheduler.stop()
    await #expect(throws: ServiceError.unavailable("the service is going down")) { try await waiting.value }
    model.step()
    await #expect(throws: ServiceError.unavailable("the service is going down")) {
      try await scheduler.run(Job(model, first: 1, lengths: [10]), for: ClientPresence())
    }
  }
}
