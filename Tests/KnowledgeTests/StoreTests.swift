import Chunking
import Foundation
import GRDB
import Knowledge
import TestDocuments
import Testing
import Touchstone

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct StoreTests {
  private static func report(_ index: Int, _ extra: String = "") -> String {
    """
    # Report \(index)

    The station number \(index) measured rain and wind in the valley.

    ## Results

    Instrument \(index * 7) showed \(index * 13) units on that day. \(extra)

    ## Remarks

    Nothing else happened at station \(index), which closed early.
    """
  }

  @Test func embedsOnlyThePiecesThatChanged() async throws {
    let test = TestBase()
    for index in 0..<40 { test.folder.write("documents/\(index).md", Self.report(index)) }
    let first = try await test.add()
    #expect(first.added == 40)
    #expect(first.chunksEmbedded == 120)
    test.embedder.reset()

    let second = try await test.add()
    #expect(second.unchanged == 40)
    #expect(test.embedder.embedded == 0)

    for index in 0..<40 {
      test.folder.write("documents/\(index).md", Self.report(index, "One more sentence."))
    }
    let third = try await test.add()
    #expect(third.changed == 40)
    #expect(third.chunksEmbedded == 40)
    #expect(test.embedder.embedded == 40)
    #expect(try test.findings() == [])
  }

  @Test func embedsNothingForMovedAndCopiedFiles() async throws {
    let test = TestBase()
    test.folder.write("documents/a.md", Self.report(1))
    try await test.add()
    test.embedder.reset()
    test.folder.remove("documents/a.md")
    test.folder.write("documents/sub/b.md", Self.report(1))
    test.folder.write("documents/c.txt", Self.report(2))
    test.folder.write("documents/d.md", Self.report(1))
    let kept = try await test.add()
    #expect(kept.missing.count == 1)
    #expect(kept.removed == 0)
    #expect(test.embedder.embedded == kept.chunksEmbedded)
    #expect(kept.chunksEmbedded <= 3)
    let pruned = try await test.add(prune: true)
    #expect(pruned.removed == 1)
    #expect(try EmbeddedStore.reader(at: test.base).documents().count == 3)
    #expect(try test.findings() == [])
  }

  @Test func findsWordsOfOneTwoAndThreeCharacters() async throws {
    let test = TestBase()
    test.folder.write("documents/zh.txt", "本产品的保修期为两年，请保留发票。")
    test.folder.write("documents/ja.txt", "領収書をデータとして保存してください。")
    test.folder.write("documents/ko.txt", "보증기간은 이년입니다.")
    test.folder.write("documents/en.txt", "The GPU知识 and parseHTTPRequest are café words, Ｆｕｌｌ width.")
    for index in 0..<5 { test.folder.write("documents/other\(index).txt", "完全不同的内容，别的句子，その他の文章 \(index)") }
    try await test.add()
    var options = SearchOptions()
    options.mode = .keywords
    for (word, name) in [
      ("票", "zh.txt"), ("保修", "zh.txt"), ("保修期", "zh.txt"), ("書", "ja.txt"), ("領収", "ja.txt"),
      ("領収書", "ja.txt"),
      ("データ", "ja.txt"), ("보증", "ko.txt"), ("보증기간", "ko.txt"), ("知识", "en.txt"), ("gpu", "en.txt"),
      ("cafe", "en.txt"),
      ("HTTP", "en.txt"), ("parsehttprequest", "en.txt"), ("full", "en.txt"),
    ] {
      let hits = try await test.search(word, options)
      #expect(hits.first?.passage.path.hasSuffix("/" + name) == true, "\(word)")
    }
    #expect(try await test.search("🙂 ?!", options).isEmpty)
  }

  @Test func givesEveryHitItsPlace() async throws {
    let test = TestBase()
    for index in 0..<20 { test.folder.write("documents/\(index).md", Self.report(index)) }
    test.folder.write(
      "documents/p.pdf",
      Archives.pdf(
        [["One", "Alpha words here."], ["Two", "Beta valley words there."]],
        outline: [("One", 1), ("Two", 2)]))
    try await test.add()
    let hits = try await test.search("valley station 7 measured")
    #expect(hits.count == 10)
    for hit in hits {
      let passage = hit.passage
      guard passage.path.hasSuffix(".md") else { continue }
      let file = try Data(contentsOf: URL(filePath: passage.path))
      #expect(String(decoding: file[passage.bytes], as: UTF8.self) == passage.text)
      #expect(passage.headings.first?.hasPrefix("Report") == true)
      let line = file[..<passage.bytes.lowerBound].filter { $0 == 0x0A }.count + 1
      #expect(passage.lines.lowerBound == line)
    }
    let beta = try await test.search("beta valley words there")
    #expect(beta.first?.passage.pages == 2...2)
    #expect(beta.first?.passage.headings == ["Two"])
  }

  @Test func filtersBeforeTheBestAreTaken() async throws {
    let test = TestBase()
    var numbers = Numbers(3)
    let words = (0..<40).map { "word\($0)" }
    for index in 0..<1_000 {
      let text = (0..<12).map { _ in words.randomElement(using: &numbers)! }.joined(separator: " ")
      test.folder.write("documents/\(index % 100 == 7 ? "rare" : "usual")/\(index).txt", text)
    }
    try await test.add()
    let store = try EmbeddedStore.reader(at: test.base)
    let query = try await test.model.vector(ofQuery: "word1 word2 word3 word4")
    var filter = SearchFilter()
    filter.paths = ["rare/*"]
    let found = try await store.nearest(to: query, filter: filter, limit: 5)
    #expect(found.count == 5)
    let all = try await store.nearest(to: query, filter: SearchFilter(), limit: 1_000)
    let passages = try await store.passages(all.map(\.id))
    let expected = all.filter { passages[$0.id]!.path.contains("/rare/") }.prefix(5)
    #expect(found.map(\.id) == expected.map(\.id))
    #expect(found.map(\.cosine) == expected.map(\.cosine))
    // The best of all are others, so filtering afterwards would have lost some.
    #expect(all.prefix(5).map(\.id) != found.map(\.id))
    let keywords = try await store.keywordMatches("word1 word2", filter: filter, limit: 10)
    #expect(!keywords.isEmpty)
    let passed = try await store.passages(keywords).values
    #expect(passed.allSatisfy { $0.path.contains("/rare/") })
  }

  @Test func comparesExactlyAsTheStoredBytesSay() async throws {
    let test = TestBase()
    for index in 0..<60 { test.folder.write("documents/\(index).md", Self.report(index)) }
    try await test.add()
    let store = try EmbeddedStore.reader(at: test.base)
    let vector = try await test.model.vector(ofQuery: "rain at station 12")
    let query = QueryVector(vector)
    for (id, cosine) in try await store.nearest(to: vector, filter: SearchFilter(), limit: 200) {
      let passage = try #require(try await store.passages([id])[id])
      let lead = (passage.headings.joined(separator: " > ")) + "\n\n"
      let stored = QuantizedVector(
        try await test.model.embedder.embeddings(
          of: [EmbeddingInput(lead + passage.text)], options: test.model.options)[0].values)
      let dot = zip(stored.values, query.values).reduce(0) { $0 + Int($1.0) * Int($1.1) }
      #expect(cosine == Double(dot) * Double(stored.scale) * Double(query.scale))
    }
    // The largest sums there are.
    let extreme = QueryVector([Float](repeating: 1, count: 4_096))
    #expect(extreme.values.allSatisfy { $0 == 16_383 })
  }

  /// Many pieces whose cosines differ by less than bytes can tell.
  @Test func floatsOrderWhatBytesFind() async throws {
    let test = TestBase()
    for index in 0..<200 { test.folder.write("documents/\(index).md", Self.report(index)) }
    let query = "rain at station 12 measured"
    let vector = try await test.model.vector(ofQuery: query)
    var found: [Bool: [(id: Int64, cosine: Double)]] = [:]
    for keepsFloats in [false, true] {
      let path = test.folder.path + "/base-\(keepsFloats)"
      let writer = try EmbeddedStore.writer(at: path, model: test.model.identity, keepsFloats: keepsFloats)
      var update = Update()
      update.chunking = ChunkingOptions(tokens: 64)
      _ = try await update.run([test.documents], writer, test.model)
      found[keepsFloats] = try await writer.nearest(to: vector, filter: SearchFilter(), limit: 30)
      let passages = try await writer.passages(found[keepsFloats]!.map(\.id))
      for (id, cosine) in found[keepsFloats]! {
        let passage = try #require(passages[id])
        let values = try await test.model.embedder.embeddings(
          of: [EmbeddingInput(passage.headings.joined(separator: " > ") + "\n\n" + passage.text)],
          options: test.model.options)[0].values
        let exact = zip(values, vector).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(keepsFloats ? cosine == exact : abs(cosine - exact) < 0.01)
      }
    }
    let exact = try #require(found[true]).map(\.cosine)
    #expect(exact.count == 30 && exact == exact.sorted(by: >))
    #expect(exact != found[false]?.map(\.cosine))
  }

  @Test func refusesAnotherModelAndNamesBoth() async throws {
    let test = TestBase()
    test.folder.write("documents/a.md", Self.report(1))
    try await test.add()
    let other = ModelIdentity(name: "other.gguf", fingerprint: "bbbb", dimensions: 96)
    let expected = KnowledgeError.otherModel(base: test.model.identity, asked: other)
    #expect(throws: expected) { try EmbeddedStore.writer(at: test.base, model: other) }
    #expect(
      expected.description
        == "the knowledge base has vectors of 'letters.gguf' (fingerprint aaaa, 96 dimensions), and this is 'other.gguf' "
        + "(fingerprint bbbb, 96 dimensions): their vectors cannot be compared; use the first model, or embed everything "
        + "again with --reembed")
    var model = test.model
    model.identity = other
    let searcher = Searcher(source: try EmbeddedStore.reader(at: test.base), model: model)
    await #expect(throws: expected) { _ = try await searcher.search("rain", SearchOptions()) }
  }

  @Test func embedsAgainBesideTheOldVectorsAndSwaps() async throws {
    let test = TestBase()
    for index in 0..<40 { test.folder.write("documents/\(index).md", Self.report(index)) }
    try await test.add()
    let embedder = LetterEmbedder(seed: 99)
    let model = KnowledgeModel(
      identity: ModelIdentity(name: "new.gguf", fingerprint: "cccc", dimensions: 96), embedder: embedder,
      meter: WordMeter())
    do {
      let reader = try EmbeddedStore.reader(at: test.base)
      let store = try EmbeddedStore.writer(at: test.base, model: nil)
      // Interrupted after some slices: the old vectors are still in use.
      await #expect(throws: CancellationError.self) {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            _ = try await Update.embedAgain(store, model, keepsFloats: false) { state in
              if state.chunksEmbedded >= 64 { withUnsafeCurrentTask { $0?.cancel() } }
            }
          }
          try await group.waitForAll()
        }
      }
      #expect(
        try await Searcher(source: reader, model: test.model).search("rain", SearchOptions()).hits.count == 10
      )
    }
    let done = embedder.embedded
    #expect(done >= 64 && done < 120)
    let store = try EmbeddedStore.writer(at: test.base, model: nil)
    #expect(try await Update.embedAgain(store, model, keepsFloats: false) == 120 - done)
    let reader = try EmbeddedStore.reader(at: test.base)
    #expect(reader.model == model.identity)
    #expect(try await Searcher(source: reader, model: model).search("rain", SearchOptions()).hits.count == 10)
    #expect(try test.findings() == [])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: test.base).filter { $0.hasSuffix(".seg") }.count
        == 1)
  }

  @Test func letsOneWriterInAndReadersBesideIt() async throws {
    let test = TestBase()
    test.folder.write("documents/a.md", Self.report(1))
    try await test.add()
    let writer = try EmbeddedStore.writer(at: test.base, model: test.model.identity)
    #expect(throws: KnowledgeError.locked(path: test.base)) {
      try EmbeddedStore.writer(at: test.base, model: test.model.identity)
    }
    #expect(try await test.search("station").count > 0)
    withExtendedLifetime(writer) {}
  }

  /// As on a file system that is mounted read only.
  @Test func anUnchangingBaseIsReadWithoutFilesBesideIt() async throws {
    let test = TestBase()
    test.folder.write("documents/a.md", Self.report(1))
    try await test.add()
    let path = test.folder.path + "/100 %? #1 知识"
    try FileManager.default.copyItem(atPath: test.base, toPath: path)
    let reader = try EmbeddedStore.unchangingReader(at: path)
    let hits = try await Searcher(source: reader, model: test.model).search("station", SearchOptions()).hits
    let usual = try await test.search("station")
    #expect(hits.map(\.passage.text) == usual.map(\.passage.text))
    #expect(!hits.isEmpty)
    let files = try FileManager.default.contentsOfDirectory(atPath: path)
    #expect(!files.contains("catalogue.sqlite-shm"))
    test.folder.write("100 %? #1 知识/catalogue.sqlite-wal", "changes")
    #expect(throws: KnowledgeError.self) { try EmbeddedStore.unchangingReader(at: path) }
  }

  /// A transaction with a rollback journal that a killed writer has left: only who may write can undo it.
  @Test func readsABaseThatAKilledWriterLeft() async throws {
    let test = TestBase()
    for index in 0..<40 { test.folder.write("documents/\(index).md", Self.report(index)) }
    try await test.add()
    let usual = try await test.search("station").map(\.passage.text)
    let path = test.folder.path + "/killed"
    do {
      var configuration = Configuration()
      configuration.prepareDatabase { database in
        try database.execute(
          sql: "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; PRAGMA cache_spill = 1")
      }
      let queue = try DatabaseQueue(path: test.base + "/catalogue.sqlite", configuration: configuration)
      try queue.inDatabase { database in
        // More than the cache holds, so that pages are written before the end.
        try database.execute(
          sql: """
            BEGIN EXCLUSIVE; UPDATE documents SET title = 'lost', path = path || 'x';
            INSERT INTO meta VALUES ('large', zeroblob(4000000))
            """)
        // As the files are when the process is gone.
        try FileManager.default.copyItem(atPath: test.base, toPath: path)
        try database.execute(sql: "ROLLBACK")
      }
    }
    let journal = try Data(contentsOf: URL(filePath: path + "/catalogue.sqlite-journal"))
    #expect(journal.starts(with: [0xD9, 0xD5, 0x05, 0xF9]), "the journal is hot")
    let reader = try EmbeddedStore.reader(at: path)
    let hits = try await Searcher(source: reader, model: test.model).search("station", SearchOptions()).hits
    #expect(hits.map(\.passage.text) == usual)
    #expect(hits.allSatisfy { $0.passage.title != "lost" })

    // The very first transaction: there is no base yet.
    let new = test.folder.path + "/new"
    try FileManager.default.createDirectory(atPath: new, withIntermediateDirectories: true)
    try Data().write(to: URL(filePath: new + "/catalogue.sqlite"))
    #expect(throws: KnowledgeError.noBase(path: new)) { try EmbeddedStore.reader(at: new) }
  }

  /// Descriptors are numbers: one that is closed twice may be anybody's the second time.
  @Test func aRefusedWriterClosesNothingOfOthers() async throws {
    let test = TestBase()
    test.folder.write("documents/a.md", Self.report(1))
    try await test.add()
    let writer = try EmbeddedStore.writer(at: test.base, model: test.model.identity)
    let others = Task {
      var (opened, closed) = (0, 0)
      while !Task.isCancelled || opened < 1_000 {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        opened += 1
        if close(descriptor) == 0 { closed += 1 }
      }
      return (opened, closed)
    }
    for _ in 0..<20_000 {
      #expect(throws: KnowledgeError.locked(path: test.base)) {
        try EmbeddedStore.writer(at: test.base, model: test.model.identity)
      }
    }
    others.cancel()
    let (opened, closed) = await others.value
    #expect(closed == opened)
    withExtendedLifetime(writer) {}
  }

  @Test func aWriterThatHasEndedKeepsNobodyOut() async throws {
    let test = TestBase()
    test.folder.write("documents/a.md", Self.report(1))
    try await test.add()
    let ended = try EmbeddedStore.writer(at: test.base, model: test.model.identity)
    ended.endWriting()
    // The store that has ended is still there, and so is its descriptor of the lock.
    try withExtendedLifetime(ended) {
      let next = try EmbeddedStore.writer(at: test.base, model: test.model.identity)
      try next.setNote("a", "b")
      // To end twice must not give up the lock of the next one.
      ended.endWriting()
      #expect(throws: KnowledgeError.locked(path: test.base)) {
        try EmbeddedStore.writer(at: test.base, model: test.model.identity)
      }
    }
  }

  @Test func costsOnlyTheDocumentThatCannotBeRead() async throws {
    let test = TestBase()
    test.folder.write("documents/good.md", Self.report(1))
    test.folder.write("documents/bad.docx", Array("PK no archive".utf8))
    test.folder.write("documents/latin.txt", [0x47, 0x72, 0xFC, 0xDF, 0x65])
    test.folder.write("secret/outside.md", Self.report(9))
    test.folder.write("documents/.hidden.md", Self.report(8))
    try FileManager.default.createSymbolicLink(
      atPath: test.documents + "/link.md", withDestinationPath: test.folder.path + "/secret/outside.md")
    try FileManager.default.createSymbolicLink(
      atPath: test.documents + "/folder", withDestinationPath: test.folder.path + "/secret")
    let report = try await test.add()
    #expect(report.added == 1)
    #expect(report.failures.map { ($0.path as NSString).lastPathComponent } == ["bad.docx", "latin.txt"])
    #expect(report.failures[0].reason == "is not a sound ZIP archive: it has no directory")
    #expect(try EmbeddedStore.reader(at: test.base).failures().count == 2)
    test.folder.write("documents/latin.txt", "Grüße")
    let again = try await test.add()
    #expect(again.failures.count == 1)
    #expect(try EmbeddedStore.reader(at: test.base).failures().count == 1)
  }

  @Test func indexesAMegabyteWithoutASpace() async throws {
    let test = TestBase()
    test.folder.write("documents/a.txt", String(repeating: "QUJDRA", count: 40_000))
    test.folder.write("documents/b.txt", String(repeating: "🙂", count: 5_000))
    let report = try await test.add()
    #expect(report.failures.isEmpty)
    let store = try EmbeddedStore.reader(at: test.base)
    for document in try store.documents() {
      for passage in try store.passages(of: document.path) { #expect(passage.tokenCount <= 64) }
    }
  }

  @Test func cutsOffWhatNoTransactionNames() async throws {
    let test = TestBase()
    test.folder.write("documents/a.md", Self.report(1))
    try await test.add()
    let file = test.base + "/vectors-1.seg"
    let sound = try Data(contentsOf: URL(filePath: file))
    // As after a kill between rows and transaction, and between a new segment and its transaction.
    try (sound + Data(repeating: 7, count: 777)).write(to: URL(filePath: file))
    try Data("half a header".utf8).write(to: URL(filePath: test.base + "/vectors-2.seg"))
    #expect(try test.findings() == [])
    test.folder.write("documents/b.md", Self.report(2))
    try await test.add()
    #expect(try test.findings() == [])
    #expect(!FileManager.default.fileExists(atPath: test.base + "/vectors-2.seg"))
    let now = try Data(contentsOf: URL(filePath: file))
    #expect(now.prefix(sound.count) == sound)
    #expect(now.count == sound.count * 2 - 4_096)
  }

  @Test func findsDamage() async throws {
    let test = TestBase()
    for index in 0..<5 { test.folder.write("documents/\(index).md", Self.report(index)) }
    try await test.add()
    #expect(try test.findings() == [])
    let file = test.base + "/vectors-1.seg"
    var bytes = try Data(contentsOf: URL(filePath: file))
    bytes[4096 + 3] ^= 1
    try bytes.write(to: URL(filePath: file))
    #expect(try test.findings() == ["vectors-1.seg: the checksum of row 0 is wrong"])
    try bytes.prefix(5_000).write(to: URL(filePath: file))
    #expect(try test.findings().first?.contains("need") == true)
  }

  @Test func samplesTellHowWellBytesStandForVectors() async throws {
    let test = TestBase()
    for index in 0..<30 { test.folder.write("documents/\(index).md", Self.report(index)) }
    try await test.add()
    let sample = try await StoreSample(try EmbeddedStore.reader(at: test.base), test.model, count: 40)
    #expect(sample.count == 40)
    #expect(sample.different == 0)
    #expect(sample.overlap > 0.8)
  }

  @Test func readsFilters() throws {
    let filter = try SearchFilter(parsing: "path=papers/* lang=ZH type=pdf path=*.md")
    #expect(filter.paths == ["papers/*", "*.md"])
    #expect(filter.languages == ["zh"])
    #expect(filter.formats == ["pdf"])
    #expect(throws: KnowledgeError.self) { try SearchFilter(parsing: "size=3") }
    #expect(throws: KnowledgeError.self) { try SearchFilter(parsing: "type=doc") }
    #expect(throws: KnowledgeError.self) { try SearchFilter(parsing: "path") }
  }
}

/// Scores by length, slowly.
private struct SlowReranker: PassageReranker {
  var delay: Duration

  func scores(of passages: [String], for query: String) async throws -> [Double] {
    try await Task.sleep(for: delay)
    return passages.map { Double($0.utf8.count) }
  }
}

@Suite struct RerankingTests {
  private func base() async throws -> TestBase {
    let test = TestBase()
    for index in 0..<30 {
      test.folder.write(
        "documents/\(index).txt", "station rain " + String(repeating: "more ", count: index + 1))
    }
    try await test.add()
    return test
  }

  @Test func ordersByTheRerankersScores() async throws {
    let test = try await base()
    let searcher = Searcher(
      source: try EmbeddedStore.reader(at: test.base), model: test.model, reranker: SlowReranker(delay: .zero)
    )
    let result = try await searcher.search("station rain", SearchOptions())
    let scores = result.hits.compactMap(\.rerankScore)
    #expect(scores.count == 10)
    #expect(scores == scores.sorted(by: >))
    #expect(result.unscored == 0)
  }

  @Test func answersInTimeAndSaysHowManyPassagesWereNotRead() async throws {
    let test = try await base()
    let searcher = Searcher(
      source: try EmbeddedStore.reader(at: test.base), model: test.model,
      reranker: SlowReranker(delay: .seconds(600)))
    var options = SearchOptions()
    options.rerankBudget = .milliseconds(50)
    options.top = 20
    let result = try await searcher.search("station rain", options)
    #expect(result.unscored == 20)
    #expect(result.hits.count == 20)
    #expect(result.hits.map(\.fusedRank) == Array(1...20))
    #expect(result.hits.allSatisfy { $0.rerankScore == nil })
  }

  @Test func countsAnEmptyListAsAbsent() async throws {
    let test = try await base()
    var options = SearchOptions()
    let vectors = try await test.search(
      "station",
      {
        options.mode = .vectors
        return options
      }())
    // No word of it is in any text, so that the order is that of the vectors.
    options.mode = .hybrid
    let searcher = Searcher(source: try EmbeddedStore.reader(at: test.base), model: test.model)
    let hybrid = try await searcher.search("zzz", options).hits
    #expect(hybrid.allSatisfy { $0.keywordRank == nil && $0.cosine != nil })
    #expect(vectors.count == 10)
  }
}
