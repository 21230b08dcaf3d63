import Foundation
import Knowledge
import KnowledgeExchange
import Testing

@Suite struct ExchangeTests {
  private static let page = """
    # 保修

    本公司所有电器的保修期为两年。

    ## Returns

    Goods may be returned within thirty days. "Quotes", back\\slashes and 😀 stay.
    """

  private func filled() async throws -> TestBase {
    let test = TestBase()
    for index in 0..<7 {
      test.folder.write(
        "documents/\(index).md", Self.page + "\n\nStation \(index) measured \(index * 13) units.\n")
    }
    test.folder.write("documents/empty.md", "")
    try await test.add()
    return test
  }

  /// Another base, filled from a file; and the same searches in both.
  private func compare(_ test: TestBase, _ source: any DocumentSource) async throws {
    let path = test.folder.path + "/other"
    do {
      let store = try EmbeddedStore.writer(
        at: path, model: source.facts.model, keepsFloats: source.facts.keepsFloats)
      try await source.forEachDocument { try store.take([$0]) }
    }
    let (old, new) = (try EmbeddedStore.reader(at: test.base), try EmbeddedStore.reader(at: path))
    #expect(try StoreCheck(new).findings == [])
    #expect(try new.documents() == old.documents())
    var documents: [[MovedDocument]] = [[], []]
    try await old.forEachDocument { documents[0].append($0) }
    try await new.forEachDocument { documents[1].append($0) }
    #expect(documents[0].count == 8)
    #expect(documents[0] == documents[1])
    for query in ["station 3", "保修期", "returned goods"] {
      let found = try await [old, new].asyncMap {
        try await Searcher(source: $0, model: test.model).search(query, SearchOptions()).hits.map {
          ($0.passage.path, $0.passage.bytes, $0.cosine, $0.keywordRank)
        }
      }
      #expect(found[0].map(\.0) == found[1].map(\.0))
      #expect(found[0].map(\.1) == found[1].map(\.1))
      #expect(found[0].map(\.2) == found[1].map(\.2))
    }
    #expect(test.embedder.embedded > 0)
  }

  @Test(arguments: ["parquet", "jsonl"]) func movesABaseThroughAFileWithoutAModel(_ kind: String) async throws
  {
    let test = try await filled()
    let old = try EmbeddedStore.reader(at: test.base)
    let file = test.folder.path + "/base." + kind
    if kind == "parquet" {
      let sink = try ParquetSink(path: file, facts: try old.baseFacts())
      try await old.forEachDocument { try sink.take([$0]) }
      try sink.finish()
      try await compare(test, try ParquetSource(path: file))
    } else {
      let sink = try JSONLinesSink(path: file, facts: try old.baseFacts())
      try await old.forEachDocument { try sink.take([$0]) }
      try sink.finish()
      try await compare(test, try JSONLinesSource(path: file))
    }
    #expect(!FileManager.default.fileExists(atPath: file + ".partial"))
  }

  @Test func refusesPiecesThatAreNotTheEmbeddedText() async throws {
    let test = try await filled()
    var moved: [MovedDocument] = []
    try await EmbeddedStore.reader(at: test.base).forEachDocument { moved.append($0) }
    let store = try EmbeddedStore.writer(at: test.folder.path + "/other", model: test.model.identity)
    var bad = moved[0]
    bad.text[bad.chunks[0].bytes.lowerBound + 2] ^= 1
    #expect(
      throws: KnowledgeError.moved(
        document: bad.document.path, reason: "piece 0 is not the text that was embedded")
    ) { try store.take([bad]) }
    bad = moved[0]
    bad.chunks[0].bytes = bad.chunks[0].bytes.lowerBound..<bad.text.count + 1
    #expect(throws: KnowledgeError.self) { try store.take([bad]) }
    bad = moved[0]
    bad.vectors[0].quantized.values.removeLast()
    #expect(throws: KnowledgeError.self) { try store.take([bad]) }
    #expect(try store.documents().isEmpty)
  }

  @Test func endsForEveryCutAndFlippedParquetFile() async throws {
    let test = TestBase()
    test.folder.write("documents/a.md", "# A\n\nOne short piece.\n")
    try await test.add()
    let old = try EmbeddedStore.reader(at: test.base)
    let file = test.folder.path + "/base.parquet"
    let sink = try ParquetSink(path: file, facts: try old.baseFacts())
    try await old.forEachDocument { try sink.take([$0]) }
    try sink.finish()
    let whole = Array(try Data(contentsOf: URL(filePath: file)))
    var numbers = Numbers(7)
    let damaged = test.folder.path + "/damaged.parquet"
    var refused = 0
    for round in 0..<400 {
      var bytes = whole
      if round < 100 {
        bytes.removeLast(1 + Int(numbers.next() % UInt64(bytes.count - 1)))
      } else {
        for _ in 0..<1 + round % 3 {
          bytes[Int(numbers.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: numbers.next())
        }
      }
      try Data(bytes).write(to: URL(filePath: damaged))
      do {
        try await ParquetSource(path: damaged).forEachDocument { try $0.validate(dimensions: 96) }
      } catch is KnowledgeError { refused += 1 }
    }
    #expect(refused > 150)
  }

  @Test func bytesComeBackFromHalvesExactly() throws {
    var numbers = Numbers(3)
    for _ in 0..<200 {
      let values = (0..<256).map { _ in Float(Int64(bitPattern: numbers.next()) >> 40) / Float(1 << 27) }
      let vector = StoredVector(values, keepsFloats: false)
      let halves = vector.components.map { component -> Float in
        // A half keeps eleven bits.
        let bits = component.bitPattern
        let rounded = (bits + 0x0FFF + (bits >> 13 & 1)) & ~0x1FFF
        return Float(bitPattern: rounded)
      }
      #expect(
        try StoredVector(components: halves, scale: vector.quantized.scale, isExact: false) == vector)
    }
    #expect(throws: KnowledgeError.self) {
      try StoredVector(components: [0.5], scale: 1, isExact: false)
    }
  }

  @Test func readsAddressesOfPostgreSQL() throws {
    let address = try PostgresAddress(
      "postgresql://me:secret@db.example:5433/knowledge?sslmode=require#papers")
    #expect(address.schema == "papers")
    #expect(address.connection == "postgresql://me:secret@db.example:5433/knowledge?sslmode=require")
    #expect(address.name == "postgresql://db.example:5433/knowledge#papers")
    #expect(try PostgresAddress("postgresql:///x").schema == "touchstone")
    #expect(try PostgresAddress("postgresql://me:secret@/x").name == "postgresql:///x#touchstone")
    #expect(throws: KnowledgeError.self) { try PostgresAddress("postgresql:///x#a; DROP TABLE b") }
  }

  /// Nothing listens at port 1. Where libpq is missing the sentence says so.
  @Test func aServerThatIsNotThereIsNamedInASentence() throws {
    let address = try PostgresAddress("postgresql://me:secret@127.0.0.1:1/knowledge?connect_timeout=5")
    let error = #expect(throws: KnowledgeError.self) { try PostgresStore(address) }
    guard case .server(let name, let reason)? = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(name == "postgresql://127.0.0.1:1/knowledge#touchstone")
    #expect(reason.contains("127.0.0.1") || reason.contains("libpq"))
    #expect(!reason.contains("secret"))
  }

  @Test func globsBecomeRegularExpressions() {
    #expect(PostgresStore.regularExpression(glob: "papers/*.pdf") == "papers\\/.*\\.pdf")
    #expect(PostgresStore.regularExpression(glob: "a?[b-d][!x") == "a.[b-d]\\[\\!x")
    #expect(PostgresStore.regularExpression(glob: "保修+") == "保修\\+")
  }
}

extension Sequence where Self: Sendable {
  fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await body(element)) }
    return results
  }
}
