import Foundation
import Testing

struct SimilarityTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func textsAreComparedWithEachOther() throws {
    let command = try Command.run("similarity", "File not found", "Datei nicht gefunden", "ファイルが見つかりません")
    #expect(command.status == 0)
    #expect(command.lines.count == 4)
    for row in 0..<3 {
      #expect(command.lines[row + 1].hasPrefix("\(row + 1)  "))
      let cells = command.lines[row + 1].split(separator: " ").suffix(3)
      #expect(cells[cells.startIndex + row] == "1.000")
    }
    #expect(!command.text.contains("\u{1B}"))
  }

  @Test func queriesAreComparedWithDocuments() throws {
    let queries = try folder.file("queries.txt", "rain\nsnow\n")
    let documents = try folder.file("documents.txt", "It rains.\nIt snows.\nThe sun shines.\n")
    let command = try Command.run(
      "similarity", "--queries", queries, "--input", documents, "--lines", "--format", "json")
    let object = try #require(try JSONSerialization.jsonObject(with: command.output) as? [String: Any])
    let matrix = try #require(object["similarity"] as? [[Double]])
    #expect(matrix.map(\.count) == [3, 3])
    // The same cosine from the vectors themselves: queries with their instruction, documents without.
    func vector(_ arguments: String...) throws -> [Double] {
      try #require(try Command.run(["embed"] + arguments).jsonLines()[0]["embedding"] as? [Double])
    }
    let expected = zip(try vector("--query", "snow"), try vector("It snows.")).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(matrix[1][1] - expected) < 1e-6)
    let against = try Command.run(
      "similarity", "--against", "rain", "--against", "snow", "--input", documents, "--lines", "--format",
      "json")
    #expect(against.text == command.text)
  }

  /// `script` gives the command a terminal.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func colorsAreForTerminals() throws {
    func run(_ variables: String) throws -> String {
      let arguments = "similarity one 'ファイル' three"
      // A terminal ends lines with a carriage return and a line feed, which Swift takes for one character.
      return try Shell.run(
        "\(variables) script -qec \"'\(Command.executable.path)' \(arguments)\" /dev/null"
      ).output.replacing("\r\n", with: "\n")
    }
    let plain = try Command.run("similarity", "one", "ファイル", "three").text
    let shaded = try run("env -u NO_COLOR TERM=xterm COLUMNS=80")
    #expect(shaded.contains("\u{1B}[48;2;"))
    #expect(shaded.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    #expect(try run("env NO_COLOR=1 TERM=xterm COLUMNS=80") == plain)
    #expect(try run("env -u NO_COLOR TERM=dumb COLUMNS=80") == plain)
  }
}
