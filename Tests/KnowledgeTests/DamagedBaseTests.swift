import Foundation
import GRDB
import Knowledge
import KnowledgeExchange
import Testing

/// A base may come from elsewhere. SQLite keeps any type in any column, and whoever writes to the catalogue
/// may put any number there: each gives results or a sentence about the base, never a crash.
@Suite struct DamagedBaseTests {
  private static let values: [any DatabaseValueConvertible & Sendable] = [
    -1, Int.max, Int.min, 1 << 40, 1.5, "x", "\u{1B}[31m", String(repeating: "e\u{301}", count: 3_000),
    Data([0xFF, 0xFE]), DatabaseValue.null,
  ]

  private static func columns(of base: String) throws -> [(table: String, column: String)] {
    try DatabaseQueue(path: base + "/catalogue.sqlite").read { database in
      let tables = try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'words%'")
      return try tables.flatMap { table in
        try String.fetchAll(database, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table])
          .map { (table, $0) }
      }
    }
  }

  /// Everything that a base is asked; how many of the questions were refused.
  private static func refusals(of test: TestBase, at base: String) async throws -> Int {
    var count = 0
    func attempt(_ body: () async throws -> Void) async {
      do { try await body() } catch let error as KnowledgeError {
        count += 1
        #expect(!error.description.utf8.contains(0x1B), "\(error)")
      } catch {
        Issue.record("not a sentence about the base: \(error)")
      }
    }
    let path = test.documents + "/a.md"
    await attempt {
      let reader = try EmbeddedStore.reader(at: base)
      for mode in [SearchOptions.Mode.keywords, .vectors, .hybrid] {
        var options = SearchOptions()
        options.mode = mode
        await attempt { _ = try await Searcher(source: reader, model: test.model).search("station", options) }
      }
      await attempt { _ = try reader.summary() }
      await attempt { _ = try reader.documents() }
      await attempt { _ = try reader.failures() }
      await attempt { _ = try reader.facts() }
      await attempt { _ = try reader.passages(of: path) }
      await attempt { _ = try reader.chunking() }
      await attempt { _ = try StoreCheck(reader) }
      await attempt { _ = try await StoreSample(reader, test.model, count: 5) }
      await attempt { try await reader.forEachDocument { _ in } }
    }
    await attempt {
      let writer = try EmbeddedStore.writer(at: base, model: test.model.identity)
      await attempt { _ = try await Update().run([test.documents], writer, test.model) }
      await attempt { _ = try writer.compact() }
      await attempt { _ = try writer.remove([path]) }
    }
    return count
  }

  @Test func anyValueInAnyColumnIsAResultOrASentence() async throws {
    let test = TestBase()
    test.folder.write("documents/a.md", "# One\n\nThe station measured rain.\n\n# Two\n\nWind in the valley.")
    test.folder.write("documents/b.txt", "Another station, another text.")
    test.folder.write("documents/c.docx", Array("PK no archive".utf8))
    try await test.add()
    let columns = try Self.columns(of: test.base)
    #expect(columns.count > 40)
    var refusals = 0
    for (index, (table, column)) in columns.enumerated() {
      for (number, value) in Self.values.enumerated() {
        let copy = test.folder.path + "/copy-\(index)-\(number)"
        try FileManager.default.copyItem(atPath: test.base, toPath: copy)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        try await DatabaseQueue(path: copy + "/catalogue.sqlite", configuration: configuration).write {
          database in
          // SQLite itself refuses what is no integer for a primary key, and NULL where a column says so.
          try? database.execute(
            sql: "UPDATE OR IGNORE \(table) SET \(column) = ? WHERE \(column) IS NOT ?",
            arguments: [value, value])
        }
        refusals += try await Self.refusals(of: test, at: copy)
      }
    }
    #expect(refusals > 100)
  }

  @Test func aCatalogueThatIsNoneIsNamed() async throws {
    let test = TestBase()
    test.folder.write("documents/a.md", "The station measured rain.")
    try await test.add()
    let catalogue = test.base + "/catalogue.sqlite"
    try Data(repeating: 0x58, count: 9_000).write(to: URL(filePath: catalogue))
    #expect(throws: KnowledgeError.damaged(path: catalogue, reason: "file is not a database")) {
      try EmbeddedStore.reader(at: test.base)
    }
  }
}
