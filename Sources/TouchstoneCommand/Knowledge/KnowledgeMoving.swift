import ArgumentParser
import Chunking
import JSON
import Knowledge
import KnowledgeExchange
import KnowledgeService
import Touchstone

/// Takes documents in slices, so that memory stays bounded.
private struct Mover {
  private var pending: [MovedDocument] = []
  private var size = 0
  private(set) var documents = 0
  private(set) var pieces = 0

  mutating func add(_ moved: MovedDocument, to sink: any DocumentSink) async throws {
    pending.append(moved)
    documents += 1
    pieces += moved.chunks.count
    size += moved.text.count + moved.vectors.reduce(0) { $0 + 8 * $1.quantized.values.count }
    if size > 16 << 20 || pending.count >= 256 { try await flush(to: sink) }
  }

  mutating func flush(to sink: any DocumentSink) async throws {
    if !pending.isEmpty { try await sink.take(pending) }
    (pending, size) = ([], 0)
  }
}

struct KnowledgeExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Copy a base to a file or a server, vectors and all.",
    discussion: """
      Nothing is embedded again; the model's fingerprint goes along. A Parquet or JSON Lines file has a row a piece, with \
      path, text, places, key and vector.

        touchstone kb export base --to base.parquet
        touchstone kb export base --to base.jsonl
        touchstone kb export base --to "postgresql://me@db.example/knowledge#papers"
        touchstone kb export base --to http://localhost:8000/papers
      """)

  @Argument(help: "The folder of the base, or a postgresql:// address.") var base: String
  @Option(
    help: ArgumentHelp(
      "FILE.parquet, FILE.jsonl, postgresql://HOST/DATABASE#SCHEMA or http://HOST:PORT/COLLECTION of Chroma.",
      valueName: "place")) var to: String
  @Flag(help: "In PostgreSQL, make a graph index (HNSW): faster above some 100,000 pieces, no longer exact.")
  var hnsw = false
  @Flag(help: "End with a JSON object that counts.") var json = false

  func validate() throws {
    if hnsw, !PostgresAddress.isOne(to) {
      throw ValidationError("--hnsw is about PostgreSQL; name a place that begins with postgresql://.")
    }
  }

  mutating func run() async throws {
    let (base, to, hnsw, json) = (base, to, hnsw, json)
    try await explained {
      let source = try openStore(base)
      let facts = try source.baseFacts()
      var mover = Mover()
      if PostgresAddress.isOne(to) {
        let store = try PostgresStore(try PostgresAddress(to), creating: facts)
        try await source.forEachDocument { try await mover.add($0, to: store) }
        try await mover.flush(to: store)
        if hnsw { try store.makeGraphIndex() }
      } else if ChromaCollection.isOne(to) {
        let collection = try await ChromaCollection(address: to, creating: facts)
        try await source.forEachDocument { try await mover.add($0, to: collection) }
        try await mover.flush(to: collection)
      } else if to.hasSuffix(".parquet") {
        let file = try ParquetSink(path: to, facts: facts)
        try await source.forEachDocument { try await mover.add($0, to: file) }
        try await mover.flush(to: file)
        try file.finish()
      } else if to.hasSuffix(".jsonl") {
        let file = try JSONLinesSink(path: to, facts: facts)
        try await source.forEachDocument { try await mover.add($0, to: file) }
        try await mover.flush(to: file)
        try file.finish()
      } else {
        throw CommandError.usage(
          "--to names a file that ends in .parquet or .jsonl, or an address that begins with postgresql:// or http://"
        )
      }
      try report(mover.documents, mover.pieces, verb: "exported", isJSON: json)
    }
  }
}

struct KnowledgeImport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Fill a base from a file or a server that kb export filled.",
    discussion: """
      Nothing is embedded. Every piece is compared with its key, and every vector with the base's model: a document that \
      does not fit is refused, and the import ends there. Documents with the same path are replaced.

        touchstone kb import base --from base.parquet
        touchstone kb import base --from "postgresql://me@db.example/knowledge#papers"
      """)

  @Argument(help: "The folder of the base; it is made where there is none.") var base: String
  @Option(
    help: ArgumentHelp(
      "FILE.parquet, FILE.jsonl, postgresql://HOST/DATABASE#SCHEMA or http://HOST:PORT/COLLECTION of Chroma.",
      valueName: "place")) var from: String
  @Flag(help: "End with a JSON object that counts.") var json = false

  mutating func run() async throws {
    let (base, from, json) = (base, from, json)
    try await explained {
      let source: any DocumentSource
      if PostgresAddress.isOne(from) {
        source = try PostgresSource(try PostgresAddress(from))
      } else if ChromaCollection.isOne(from) {
        source = try await ChromaCollection(opening: from)
      } else if from.hasSuffix(".parquet") {
        source = try ParquetSource(path: from)
      } else if from.hasSuffix(".jsonl") {
        source = try JSONLinesSource(path: from)
      } else {
        throw CommandError.usage(
          "--from names a file that ends in .parquet or .jsonl, or an address that begins with postgresql:// or http://"
        )
      }
      let facts = source.facts
      let store = try EmbeddedStore.writer(at: base, model: facts.model, keepsFloats: facts.keepsFloats)
      if try store.chunking() == nil, let chunking = facts.chunking.flatMap(ChunkingOptions.init(settings:)) {
        try store.setChunking(chunking)
      }
      if try store.note("vectors") == nil, let vectors = facts.vectors {
        try store.setNote("vectors", vectors)
      }
      var mover = Mover()
      try await source.forEachDocument { try await mover.add($0, to: store) }
      try await mover.flush(to: store)
      try report(mover.documents, mover.pieces, verb: "imported", isJSON: json)
    }
  }
}

private func report(_ documents: Int, _ pieces: Int, verb: String, isJSON: Bool) throws {
  let file = try OutputFile(path: nil)
  if isJSON {
    try file.write(
      line: .object([.init("documents", .number(documents)), .init("chunks", .number(pieces))]))
  } else {
    try file.write("\(documents) documents with \(pieces) pieces \(verb)\n".utf8)
  }
  try file.finish()
}

/// The base of a folder, or of a server.
func openStore(_ base: String, forWriting: Bool = false) throws -> any DocumentStore {
  if PostgresAddress.isOne(base) { return try PostgresStore(try PostgresAddress(base)) }
  return forWriting ? try EmbeddedStore.writer(at: base, model: nil) : try EmbeddedStore.reader(at: base)
}

/// For subcommands that look after the files of a folder.
func refuseServer(_ base: String, _ subcommand: String, instead: String) throws {
  if PostgresAddress.isOne(base) {
    throw CommandError.usage(
      "kb \(subcommand) is for bases in folders, and this one is on a server; \(instead)")
  }
}

extension BaseVectorSettings {
  /// As a base remembers them, wherever it is.
  init(remembered store: any DocumentStore) throws {
    try self.init(activations: nil, dimensions: nil, of: nil)
    let parts = try store.note("vectors")?.split(separator: " ").map(String.init) ?? []
    if parts.count == 2 {
      activations = ActivationPrecision(rawValue: parts[0]) ?? activations
      dimensions = Int(parts[1])
    }
  }
}

struct KnowledgeCompact: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact",
    abstract: "Give back the space of vectors that no document needs any more.",
    discussion: """
      Vectors of removed text are kept, so that text that comes back costs nothing; kb status counts them. This writes the \
      others to new files and swaps in one transaction: searches go on meanwhile, and a kill costs nothing.
      """)

  @Argument(help: "The folder of the base.") var base: String
  @Flag(help: "Write a JSON object.") var json = false
  @Flag(inversion: .prefixedNo, help: "Say on standard error how far the work is. (default: on a terminal)")
  var progress: Bool?

  mutating func run() async throws {
    let (base, json, progress) = (base, json, progress)
    try await explained {
      try refuseServer(
        base, "compact", instead: "vectors that no document needs stay there, and kb status counts them")
      let store = try EmbeddedStore.writer(at: base, model: nil)
      let line = ProgressLine(isWanted: progress)
      let result = try store.compact { line.show("\($0) of \($1) vectors") }
      line.finish()
      let file = try OutputFile(path: nil)
      if json {
        try file.write(
          line: .object([
            .init("vectorsRemoved", .number(result.vectorsRemoved)),
            .init("bytesBefore", .number(result.bytesBefore)),
            .init("bytesAfter", .number(result.bytesAfter)),
          ]))
      } else {
        try file.write(
          "\(result.vectorsRemoved) vectors removed; \(result.bytesBefore) bytes before, \(result.bytesAfter) now\n"
            .utf8)
      }
      try file.finish()
    }
  }
}
