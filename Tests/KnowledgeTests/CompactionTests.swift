import Chunking
import Documents
import Foundation
import Knowledge
import Testing

@Suite struct CompactionTests {
  @Test func givesBackWhatNoDocumentNeeds() async throws {
    let test = TestBase()
    for index in 0..<30 {
      test.folder.write("documents/\(index).md", "# R\n\nStation \(index) has \(index * 7) units.")
    }
    try await test.add()
    for index in 0..<20 { test.folder.remove("documents/\(index).md") }
    try await test.add(prune: true)
    let before = try await test.search("station 25").map { ($0.passage.path, $0.cosine) }
    // A reader with the old files goes on.
    let reader = try EmbeddedStore.reader(at: test.base)
    _ = try await Searcher(source: reader, model: test.model).search("station", SearchOptions())
    #expect(try reader.summary().unusedVectors == 20)
    do {
      let store = try EmbeddedStore.writer(at: test.base, model: nil)
      let result = try store.compact()
      #expect(result.vectorsRemoved == 20)
      #expect(result.bytesAfter < result.bytesBefore)
      #expect(try store.compact().vectorsRemoved == 0)
    }
    #expect(try test.findings() == [])
    #expect(try EmbeddedStore.reader(at: test.base).summary().unusedVectors == 0)
    let after = try await test.search("station 25").map { ($0.passage.path, $0.cosine) }
    #expect(before.map(\.0) == after.map(\.0))
    #expect(before.map(\.1) == after.map(\.1))
    #expect(
      try await Searcher(source: reader, model: test.model).search("station 25", SearchOptions()).hits.count
        == 10)
    test.embedder.reset()
    test.folder.write("documents/25.md", "# R\n\nStation 25 has other units.")
    let report = try await test.add()
    #expect(report.chunksEmbedded == 1)
    #expect(try test.findings() == [])
  }

  @Test func allFormsOfTheProductGiveTheSameInteger() {
    var numbers = Numbers(11)
    #expect(QueryVector.products.first?.name == "portable")
    for count in [1, 15, 16, 31, 33, 64, 100, 1_024, 4_096, 5_000, 8_192] {
      for isExtreme in [false, true] {
        let query = (0..<count).map { _ in
          isExtreme ? Int16(16_383) : Int16(Int(numbers.next() % 32_767) - 16_383)
        }
        let row = (0..<count).map { _ in isExtreme ? Int8(-127) : Int8(Int(numbers.next() % 255) - 127) }
        let expected = zip(query, row).reduce(Int64(0)) { $0 + Int64($1.0) * Int64($1.1) }
        for (name, product) in QueryVector.products {
          #expect(product(query, row, count) == expected, "\(name)")
        }
      }
    }
  }
}

@Suite struct ConverterTests {
  @Test func readsWhatTheUserNames() throws {
    let converter = try DocumentConverter(parsing: "rtf,doc=pandoc --sandbox -t 'g f m' {}")
    #expect(converter.endings == ["rtf", "doc"])
    #expect(converter.command == ["pandoc", "--sandbox", "-t", "g f m", "{}"])
    for wrong in ["rtf", "=x", "a/b=x", "rtf=", "rtf='x"] {
      #expect(throws: ConverterError.self) { try DocumentConverter(parsing: wrong) }
    }
  }

  @Test func addsWhatAProgramConverts() async throws {
    let test = TestBase()
    test.folder.write("documents/a.shout", "# TITLE\n\nGOODS MAY BE RETURNED.\n")
    test.folder.write("documents/b.page", "Zebras graze.")
    test.folder.write("documents/c.broken", "x")
    let store = try EmbeddedStore.writer(at: test.base, model: test.model.identity)
    var update = Update()
    update.chunking = ChunkingOptions(tokens: 64)
    update.reader.converters = [
      try DocumentConverter(parsing: "shout=sed -e y/GODSMAYBERTUN/godsmayberutn/"),
      try DocumentConverter(parsing: "page=sed -e 's/.*/<!DOCTYPE html><h1>Animals<\\/h1><p>&<\\/p>/' {}"),
      try DocumentConverter(parsing: "broken=sed --no-such-option"),
    ]
    let report = try await update.run([test.documents], store, test.model)
    #expect(report.added == 2)
    #expect(report.failures.count == 1)
    #expect(report.failures.first?.reason.hasPrefix("was given to sed, which failed with status") == true)
    let documents = try store.documents()
    #expect(documents.map(\.format) == [.markdown, .html])
    #expect(try store.passages(of: documents[1].path).first?.headings == ["Animals"])
    #expect(try store.passages(of: documents[0].path).first?.text.contains("goods") == true)
    // The same command again costs nothing, another reads the document again.
    #expect(try await update.run([test.documents], store, test.model).unchanged == 2)
    update.reader.converters[0] = try DocumentConverter(parsing: "shout=sed -e s/GOODS/WARES/")
    #expect(try await update.run([test.documents], store, test.model).changed == 1)
  }
}

@Suite struct EvaluationTests {
  @Test func givesTheFiguresOfKnownRanks() async throws {
    let test = TestBase()
    test.folder.write(
      "documents/en.md", "# Warranty\n\nThe warranty lasts two years for every device we sell.")
    test.folder.write(
      "documents/de.md", "# Garantie\n\nDie Garantie gilt zwei Jahre und ist nicht für die Batterie.")
    test.folder.write(
      "documents/other.md", "# Kettle\n\nThe kettle boils the water and it is not for the kitchen.")
    try await test.add()
    let store = try EmbeddedStore.reader(at: test.base)
    let lines = """
      {"query":"warranty","relevant":["en.md","de.md"],"language":"en"}

      {"query":"kettle","relevant":["other.md"],"language":"en"}
      {"query":"kettle","relevant":["gone.md"],"language":"en"}
      """
    let queries = try JudgedQuery.list(Array(lines.utf8), name: "q")
    #expect(queries.count == 3)
    let result = try await Evaluation.run(
      queries, Searcher(source: store, model: nil), documents: try store.documents(), filter: SearchFilter())
    #expect(result.missing == ["gone.md"])
    let figures = try #require(result.whole[.keywords])
    #expect(result.whole[.vectors] == nil)
    #expect(figures.count == 2)
    // Found: one of two at rank 1, and one of one at rank 1.
    let ideal = 1 + 1 / log2(3.0)
    #expect(abs(figures.ndcg - (1 / ideal + 1) / 2) < 1e-12)
    #expect(figures.recall1 == 0.75)
    #expect(figures.recall10 == 0.75)
    #expect(figures.reciprocalRank == 1)
    let pairs = try #require(result.pairs[.keywords])
    #expect(pairs[.init(query: "en", document: "de")]?.recall10 == 0)
    #expect(pairs[.init(query: "en", document: "en")]?.recall1 == 1)
  }

  @Test func refusesFilesThatAreNoQueries() {
    for wrong in [
      "", "x", "{\"query\":\"a\"}", "{\"query\":\"a\",\"relevant\":[]}", "{\"query\":\"a\",\"relevant\":[1]}",
    ] {
      #expect(throws: KnowledgeError.self) { try JudgedQuery.list(Array(wrong.utf8), name: "q") }
    }
  }
}
