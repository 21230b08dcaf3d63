import Oracle
import Testing

/// Silent cuts: found, and the very place named.
struct TruncationTests {
  struct Case: Sendable {
    let limit: TokenLimit
    let expected: Behaviour
    let sentence: String
    var longestText = LongInput.defaultLength
  }

  static let cases: [Case] = [
    Case(
      limit: TokenLimit(count: 512, cut: .keepsEnd), expected: .truncation,
      sentence: "the limit is 512 tokens"),
    Case(
      limit: TokenLimit(count: 512, cut: .dropsEnd), expected: .truncationDropsEnd,
      sentence: "the limit is 512 tokens, the end of text is cut off"),
    Case(
      limit: TokenLimit(count: 512, cut: .endOnTop), expected: .truncation,
      sentence: "the limit is 512 tokens, the end of text on top"),
    Case(
      limit: TokenLimit(count: 512, cut: .keepsTail), expected: .truncation,
      sentence: "the vector of its last 512"),
    Case(
      limit: TokenLimit(count: 387, cut: .keepsEnd), expected: .truncation,
      sentence: "the limit is 387 tokens"),
    Case(
      limit: TokenLimit(count: 2048, cut: .keepsEnd), expected: .truncation,
      sentence: "the limit is 2048 tokens",
      longestText: 2100),
  ]

  @Test(arguments: cases)
  func theLimitIsFound(_ example: Case) async throws {
    var behaviour = ServedBehaviour()
    behaviour.recipe.limit = example.limit
    let report = try await BehaviourTests.report(behaviour, .ollama, longestText: example.longestText)
    #expect(report.seen == [example.expected])
    let evidence = report.findings.compactMap { finding in
      if case .seen(let evidence) = finding.outcome { evidence } else { nil }
    }
    #expect(evidence.first?.contains(example.sentence) == true, "\(evidence)")
  }

  @Test func aFailureNamesTheLongestTextThatWorks() async throws {
    let report = try await BehaviourTests.report(ServedBehaviour(failsAbove: 300, status: 500), .llamaCpp)
    let evidence = report.findings.compactMap { finding in
      if case .seen(let evidence) = finding.outcome { evidence } else { nil }
    }
    #expect(evidence.first?.hasPrefix("texts of up to 300 tokens have a vector") == true, "\(evidence)")
  }

  /// The first token's state says nothing of what follows: equal vectors prove no cut.
  @Test func anotherPoolingIsNoCut() async throws {
    var behaviour = ServedBehaviour()
    behaviour.recipe.pooling.position = .cls
    let report = try await BehaviourTests.report(behaviour, .openAI)
    #expect(!report.seen.contains(.truncation))
    #expect(!report.seen.contains(.whiteSpaceStrippedEnd))
  }
}
