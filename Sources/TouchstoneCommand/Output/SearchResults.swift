import JSON

/// A text that a search found.
package struct SearchMatch: RankedMatch {
  package let item: InputItem
  /// The cosine with the query or, where a reranker has the last word, its score.
  package let score: Double
  /// The cosine, where that is not the score.
  package let similarity: Double?

  package init(item: InputItem, score: Double, similarity: Double? = nil) {
    self.item = item
    self.score = score
    self.similarity = similarity
  }

  package var rank: Double { score }
}

/// What a search found: for each query, its matches, best first.
package struct SearchResults {
  package let queries: [String]
  package let matches: [[SearchMatch]]

  package init(queries: [String], matches: [[SearchMatch]]) {
    self.queries = queries
    self.matches = matches
  }

  /// The query, then rank, score, place and text of each match.
  package func writeTable(to file: OutputFile, width: Int?) throws(CommandError) {
    for (index, (query, matches)) in zip(queries, matches).enumerated() {
      try file.write(((index > 0 ? "\n" : "") + DisplayText.oneLine(query) + "\n").utf8)
      let places = matches.map { DisplayText.oneLine($0.item.place) }
      let placeWidth = places.reduce(0) { max($0, DisplayText.width(of: $1)) }
      for (rank, match) in matches.enumerated() {
        var line = Decimal.text(Double(rank + 1), digits: 0, width: 4)
        line += Decimal.text(match.score, digits: 3, width: 8)
        line += "  " + DisplayText.padded(places[rank], to: placeWidth)
        line += "  " + DisplayText.oneLine(match.item.text)
        try file.write(((width.map { DisplayText.cut(line, to: $0) } ?? line) + "\n").utf8)
      }
    }
  }

  /// `{"query":0,"rank":1,"score":0.83,"index":12,"id":…,"text":…}`: queries and texts counted from 0, ranks
  /// from 1. With a reranker, `similarity` after `score`.
  package func writeJSONLines(to file: OutputFile) throws(CommandError) {
    for (query, matches) in matches.enumerated() {
      for (rank, match) in matches.enumerated() {
        var members: [JSONValue.Member] = [
          .init("query", .number(query)), .init("rank", .number(rank + 1)),
          // A reranker's scores have all their digits, as `rerank` writes them; cosines those that they are
          // worth.
          .init("score", match.similarity == nil ? .number(Float(match.score)) : .number(match.score)),
        ]
        if let similarity = match.similarity {
          members.append(.init("similarity", .number(Float(similarity))))
        }
        members.append(.init("index", .number(match.item.index)))
        if let id = match.item.id { members.append(.init("id", id)) }
        members.append(.init("text", .string(match.item.text)))
        var line: [UInt8] = []
        line.append(json: .object(members))
        line.append("\n")
        try file.write(line)
      }
    }
  }
}

extension InputItem {
  /// Where a reader finds the text: its id if it has one, else its line or argument.
  fileprivate var place: String {
    switch id {
    case .string(let id)?: id
    case .number(let id)?: id
    default: "\(location.source == .argument ? "argument" : "line") \(location.number)"
    }
  }
}
