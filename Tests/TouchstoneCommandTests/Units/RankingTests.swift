import Foundation
import Testing
import TouchstoneCommand

struct RankingTests {
  private func item(_ index: Int, _ text: String = "") -> InputItem {
    InputItem(location: InputLocation(source: .argument, number: index + 1), index: index, text: text)
  }

  /// The heap against sorting everything, with many equal scores.
  @Test(arguments: [1, 2, 3, 10, 1000])
  func theBestAreKeptInOrder(limit: Int) {
    var generator = SystemRandomNumberGenerator()
    let scores = (0..<300).map { _ in Double(Int.random(in: 0..<40, using: &generator)) / 40 }
    var matches = TopMatches<SearchMatch>(limit: limit)
    for (index, score) in scores.enumerated() { matches.offer(SearchMatch(item: item(index), score: score)) }
    let expected = scores.enumerated().sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }.prefix(
      limit)
    #expect(matches.sorted.map(\.item.index) == expected.map(\.offset))
    #expect(matches.sorted.map(\.score) == expected.map(\.element))
  }

  private func matrix(isSquare: Bool) -> SimilarityMatrix {
    let vectors = [("日本", [1, 0]), ("b", [0.6, 0.8]), ("c\u{1B}", [-1, 0])] as [(String, [Float])]
    let rows = vectors.enumerated().map { LabeledVector(item: item($0, $1.0), vector: $1.1) }
    return SimilarityMatrix(rows: isSquare ? rows : [rows[1]], columns: rows, isSquare: isSquare)
  }

  private func text(_ write: (OutputFile) throws -> Void) throws -> String {
    let folder = try TemporaryFolder()
    let file = try OutputFile(path: folder.path("out"))
    try write(file)
    try file.finish()
    return String(decoding: try folder.content("out"), as: UTF8.self)
  }

  @Test func aMatrixIsAligned() throws {
    #expect(
      try text { try matrix(isSquare: true).writeTable(to: $0, width: nil, hasColors: false) } == """
                     1      2      3
        1  日本  1.000  0.600 -1.000
        2  b     0.600  1.000 -0.600
        3  c␛   -1.000 -0.600  1.000

        """)
  }

  @Test func queriesHaveTheirDocumentsListed() throws {
    #expect(
      try text { try matrix(isSquare: false).writeTable(to: $0, width: nil, hasColors: false) } == """
                  1      2      3
        1  b  0.600  1.000 -0.600

        1  日本
        2  b
        3  c␛

        """)
  }

  @Test func aWideMatrixIsCutIntoBands() throws {
    let table = try text { try matrix(isSquare: true).writeTable(to: $0, width: 24, hasColors: false) }
    let lines = table.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { DisplayText.width(of: String($0)) <= 24 })
    #expect(lines.filter { $0.contains("日本") }.count == 2)
  }

  @Test func colorsAreAroundCellsOnly() throws {
    let plain = try text { try matrix(isSquare: true).writeTable(to: $0, width: nil, hasColors: false) }
    let shaded = try text { try matrix(isSquare: true).writeTable(to: $0, width: nil, hasColors: true) }
    #expect(shaded.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    #expect(shaded.count(where: { $0 == "\u{1B}" }) == 9 * 3)
  }

  @Test func aMatrixIsJSON() throws {
    let json = try text { try matrix(isSquare: false).writeJSON(to: $0) }
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(object["similarity"] as? [[Double]] == [[0.6, 1, -0.6]])
    #expect((object["columns"] as? [[String: String]])?.map { $0["text"] } == ["日本", "b", "c\u{1B}"])
  }
}
