import JSON
import Touchstone

/// A document and what a reranker says of it.
package struct RerankMatch: RankedMatch {
  package let item: InputItem
  package let result: RerankScore

  package init(item: InputItem, result: RerankScore) {
    self.item = item
    self.result = result
  }

  /// Finer than the score, which it decides.
  package var rank: Double { result.logitDifference }
}

/// The documents of a query, best first.
package struct RerankResults {
  package let query: String
  package let matches: [RerankMatch]
  /// Whether scores are differences of logits instead of probabilities.
  package let areRaw: Bool

  package init(query: String, matches: [RerankMatch], areRaw: Bool) {
    self.query = query
    self.matches = matches
    self.areRaw = areRaw
  }

  private func score(_ match: RerankMatch) -> Double {
    areRaw ? match.result.logitDifference : match.result.score
  }

  package func writeTable(to file: OutputFile, width: Int?) throws(CommandError) {
    let matches = matches.map { SearchMatch(item: $0.item, score: score($0)) }
    try SearchResults(queries: [query], matches: [matches]).writeTable(to: file, width: width)
  }

  /// With all digits, so that two machines' results can be compared:
  /// `{"index":3,"id":…,"score":0.97,"tokens":212,"truncated":false}`: `index` counts documents from 0;
  /// `inputTokens` is there where the document was cut.
  package func writeJSONLines(to file: OutputFile) throws(CommandError) {
    for match in matches {
      let result = match.result
      var members: [JSONValue.Member] = [.init("index", .number(match.item.index))]
      if let id = match.item.id { members.append(.init("id", id)) }
      members += [
        .init("score", .number(score(match))), .init("tokens", .number(result.tokenCount)),
        .init("truncated", .bool(result.isTruncated)),
      ]
      if result.isTruncated { members.append(.init("inputTokens", .number(result.inputTokenCount))) }
      var line: [UInt8] = []
      line.append(json: .object(members))
      line.append("\n")
      try file.write(line)
    }
  }
}
