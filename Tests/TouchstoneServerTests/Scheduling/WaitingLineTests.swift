import Testing
import Touchstone
import TouchstoneServer

struct WaitingLineTests {
  private let key = MergeKey(model: ObjectIdentifier(StubModel()), pooling: .last, activations: .i16)
  private let otherKey = MergeKey(model: ObjectIdentifier(StubModel()), pooling: .mean, activations: .i16)

  private func items(_ job: Int, _ lengths: [Int]) -> [WaitingLine.Item] {
    lengths.enumerated().map { WaitingLine.Item(job: job, sequence: $0, tokens: $1) }
  }

  @Test func clientsShareByTokens() {
    var line = WaitingLine()
    line.add(items(1, Array(repeating: 100, count: 20)), job: 1, client: ClientID("heavy"), key: key)
    line.add(items(2, Array(repeating: 10, count: 100)), job: 2, client: ClientID("light"), key: key)
    var tokens = [0, 0, 0]
    while tokens[1] + tokens[2] < 1000 {
      for item in line.takeBatch(tokenBudget: 100)?.items ?? [] { tokens[item.job] += item.tokens }
    }
    #expect(abs(tokens[1] - tokens[2]) <= 100, "\(tokens)")
  }

  @Test func aClientThatComesLaterHasNoTurnsSavedUp() {
    var line = WaitingLine()
    line.add(items(1, Array(repeating: 10, count: 100)), job: 1, client: ClientID("first"), key: key)
    for _ in 0..<5 { _ = line.takeBatch(tokenBudget: 100) }
    line.add(items(2, Array(repeating: 10, count: 100)), job: 2, client: ClientID("second"), key: key)
    let jobs = line.takeBatch(tokenBudget: 100)?.items.map(\.job) ?? []
    #expect(jobs.count { $0 == 1 } >= 4, "\(jobs)")
    #expect(jobs.count { $0 == 2 } >= 4, "\(jobs)")
  }

  @Test func theJobsOfAClientTakeTurns() {
    var line = WaitingLine()
    line.add(items(1, [5, 5, 5]), job: 1, client: ClientID("a"), key: key)
    line.add(items(2, [5]), job: 2, client: ClientID("a"), key: key)
    #expect(line.takeBatch(tokenBudget: 20)?.items.map(\.job) == [1, 2, 1, 1])
    #expect(line.isEmpty && line.tokens == 0)
  }

  @Test func onlyEqualKeysShareAPass() {
    var line = WaitingLine()
    line.add(items(1, [5]), job: 1, client: ClientID("a"), key: key)
    line.add(items(2, [5]), job: 2, client: ClientID("b"), key: otherKey)
    line.add(items(3, [5]), job: 3, client: ClientID("c"), key: key)
    #expect(line.takeBatch(tokenBudget: 100)?.items.map(\.job) == [1, 3])
    #expect(line.takeBatch(tokenBudget: 100)?.items.map(\.job) == [2])
    #expect(line.takeBatch(tokenBudget: 100) == nil)
  }

  @Test func theFirstGoesWhateverItsLengthAndOthersWhereTheyFit() {
    var line = WaitingLine()
    line.add(items(1, [500]), job: 1, client: ClientID("a"), key: key)
    line.add(items(2, [60, 60]), job: 2, client: ClientID("b"), key: key)
    line.add(items(3, [30]), job: 3, client: ClientID("c"), key: key)
    #expect(line.takeBatch(tokenBudget: 100)?.items.map(\.job) == [1])
    #expect(line.takeBatch(tokenBudget: 100)?.items.map(\.job) == [2, 3])
    #expect(line.takeBatch(tokenBudget: 100)?.items.map(\.tokens) == [60])
  }

  @Test func aJobThatIsTakenOutLeavesNothing() {
    var line = WaitingLine()
    line.add(items(1, [5, 6]), job: 1, client: ClientID("a"), key: key)
    line.add(items(2, [7]), job: 2, client: ClientID("a"), key: key)
    line.remove(job: 1)
    #expect(line.tokens == 7)
    #expect(line.takeBatch(tokenBudget: 100)?.items.map(\.job) == [2])
  }
}
