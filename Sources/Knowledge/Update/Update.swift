import Chunking
import Documents
import Hashing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Brings a knowledge base up to date with files: only new text is embedded, and interrupted work goes on
/// where it was.
package struct Update: Sendable {
  package var chunking = ChunkingOptions()
  package var include: [String] = []
  package var exclude: [String] = []
  /// Removes documents below the named paths whose files are gone.
  package var prunes = false
  package var reader = DocumentReader()

  package init() {}

  package struct Report: Sendable, Equatable {
    package var added = 0
    package var changed = 0
    package var removed = 0
    package var unchanged = 0
    package var chunksEmbedded = 0
    /// Path and sentence.
    package var failures: [FailedDocument] = []
    /// Documents with parts that could not be read.
    package var warnings: [(path: String, sentence: String)] = []
    /// Documents whose files are gone, and that were kept.
    package var missing: [String] = []

    package static func == (one: Report, other: Report) -> Bool {
      (one.added, one.changed, one.removed, one.unchanged, one.chunksEmbedded, one.failures.count)
        == (
          other.added, other.changed, other.removed, other.unchanged, other.chunksEmbedded,
          other.failures.count
        )
        && one.missing == other.missing
    }
  }

  package struct Progress: Sendable {
    package var files: Int
    package var fileCount: Int
    package var bytes: Int
    package var byteCount: Int
    package var chunksEmbedded: Int
  }

  /// - Parameter progress: called on the caller's task after each document and each slice of vectors.
  package func run(
    _ paths: [String], _ store: any DocumentStore, _ model: KnowledgeModel,
    progress: (Progress) -> Void = { _ in }
  ) async throws -> Report {
    guard chunking.tokens >= ChunkingOptions.minimumTokens else {
      throw KnowledgeError.option(
        "a piece has \(chunking.tokens) tokens, but needs at least \(ChunkingOptions.minimumTokens)")
    }
    guard (0...50).contains(chunking.overlapPercent) else {
      throw KnowledgeError.option("the overlap is \(chunking.overlapPercent) %, but must be 0 to 50")
    }
    let walk = FileWalk(
      include: include, exclude: exclude, skipped: Set([realPath(store.path)].compactMap(\.self)),
      reader: reader)
    var files: [FileWalk.File] = []
    var roots: [String] = []
    var known: Set<String> = []
    for path in paths {
      files += try walk.files(path).filter { known.insert($0.path).inserted }
      if let root = realPath(path) { roots.append(root) }
    }
    try store.setChunking(chunking)
    var work = Work(
      update: self, store: store, model: model,
      progress: Progress(
        files: 0, fileCount: files.count, bytes: 0, byteCount: files.reduce(0) { $0 + $1.byteCount },
        chunksEmbedded: 0))
    for file in files {
      try Task.checkCancellation()
      try await work.take(file, report: progress)
      work.progress.files += 1
      work.progress.bytes += file.byteCount
      progress(work.progress)
    }
    try await work.flush(report: progress)
    let gone = try store.documentPaths().filter { path in
      !known.contains(path) && roots.contains { path == $0 || path.hasPrefix($0 == "/" ? "/" : $0 + "/") }
        && access(path, F_OK) != 0
    }
    if prunes { work.report.removed = try store.remove(gone) } else { work.report.missing = gone }
    return work.report
  }

  /// Embeds everything with another model beside the vectors in use, then swaps. Interrupted work goes on.
  package static func embedAgain(
    _ store: EmbeddedStore, _ model: KnowledgeModel, keepsFloats: Bool,
    progress: (Progress) -> Void = { _ in }
  ) async throws -> Int {
    guard store.model.fingerprint != model.identity.fingerprint else { return 0 }
    var last: Int64 = 0
    var state = Progress(
      files: 0, fileCount: 0, bytes: 0, byteCount: try store.summary().chunks, chunksEmbedded: 0)
    while true {
      try Task.checkCancellation()
      let part = try store.textsToEmbed(
        for: model.identity, keepsFloats: keepsFloats, after: last, limit: Work.sliceSize)
      let vectors = try await model.vectors(of: part.texts.map(\.text))
      try store.add(
        zip(part.texts, vectors).map { ($0.key, $1) }, of: model.identity, keepsFloats: keepsFloats)
      state.chunksEmbedded += part.texts.count
      state.bytes += Work.sliceSize
      progress(state)
      last = part.last
      if part.isEnd { break }
    }
    try store.activate(model.identity)
    return state.chunksEmbedded
  }
}

/// The state of an update.
private struct Work {
  static let sliceSize = 32

  let update: Update
  let store: any DocumentStore
  let model: KnowledgeModel
  var progress: Update.Progress
  var report = Update.Report()
  private var pending: [PreparedDocument] = []
  private var pendingBytes = 0
  private var pendingChunks = 0
  private let chunker: Chunker
  private let key: String

  init(update: Update, store: any DocumentStore, model: KnowledgeModel, progress: Update.Progress) {
    self.update = update
    self.store = store
    self.model = model
    self.progress = progress
    chunker = Chunker(meter: model.meter, options: update.chunking)
    key = update.chunking.key
  }

  mutating func take(_ file: FileWalk.File, report show: (Update.Progress) -> Void) async throws {
    let old = try store.document(path: file.path)
    let key = key + (update.reader.converter(file.path)?.key ?? "")
    if let old, old.byteCount == file.byteCount, old.modificationTime == file.modificationTime,
      old.chunkingKey == key
    {
      report.unchanged += 1
      return
    }
    do throws(DocumentError) {
      let limits = update.reader.limits
      guard update.reader.canRead(file.path) else { throw .unknownFormat }
      let bytes = try DocumentReader.bytes(path: file.path, limits: limits)
      var hash = SHA256()
      hash.update(bytes)
      let sha256 = hash.hexadecimalDigest
      if let old, old.sha256 == sha256, old.chunkingKey == key {
        report.unchanged += 1
        try? store.touch(file.path, modificationTime: file.modificationTime)
        return
      }
      let document = try update.reader.read(bytes, path: file.path)
      prepare(document, file, sha256, key)
    } catch {
      let failure = FailedDocument(
        path: file.path, modificationTime: file.modificationTime, reason: error.description)
      report.failures.append(failure)
      try store.fail(failure)
      return
    }
    if old == nil { report.added += 1 } else { report.changed += 1 }
    if pendingChunks >= 128 || pendingBytes >= 4 << 20 || pending.count >= 256 {
      try await flush(report: show)
    }
  }

  private mutating func prepare(
    _ document: ExtractedDocument, _ file: FileWalk.File, _ sha256: String, _ key: String
  ) {
    let chunks = chunker.chunks(of: document)
    for warning in document.warnings { report.warnings.append((file.path, warning)) }
    pending.append(
      PreparedDocument(
        document: StoredDocument(
          path: file.path, byteCount: file.byteCount, modificationTime: file.modificationTime, sha256: sha256,
          format: document.format, title: document.title, language: Scripts.language(of: document.text),
          pageCount: document.pages.count, chunkingKey: key, warnings: document.warnings,
          chunkCount: chunks.count),
        text: document.text, chunks: chunks,
        keys: chunks.map { KnowledgeModel.key($0.lead + document.string($0.bytes)) }))
    pendingBytes += document.text.count
    pendingChunks += chunks.count
  }

  mutating func flush(report show: (Update.Progress) -> Void) async throws {
    guard !pending.isEmpty else { return }
    var places: [[UInt8]: (document: Int, chunk: Int)] = [:]
    for (index, prepared) in pending.enumerated() {
      for (chunk, key) in prepared.keys.enumerated() where places[key] == nil { places[key] = (index, chunk) }
    }
    let missing = try store.missing(pending.flatMap(\.keys))
    for start in stride(from: 0, to: missing.count, by: Self.sliceSize) {
      try Task.checkCancellation()
      let keys = missing[start..<min(start + Self.sliceSize, missing.count)]
      let texts = keys.map { key in
        let place = places[key]!
        let chunk = pending[place.document].chunks[place.chunk]
        return chunk.lead + String(decoding: pending[place.document].text[chunk.bytes], as: UTF8.self)
      }
      let vectors = try await model.vectors(of: texts)
      guard vectors.count == texts.count else {
        throw KnowledgeError.wrongVectors(reason: "there are \(vectors.count) for \(texts.count) texts")
      }
      try store.add(zip(keys, vectors).map { ($0, $1) })
      report.chunksEmbedded += texts.count
      progress.chunksEmbedded += texts.count
      show(progress)
    }
    try store.replace(pending)
    (pending, pendingBytes, pendingChunks) = ([], 0, 0)
  }
}

extension ChunkingOptions {
  /// Everything that decides the pieces of a document, beside the document and the tokenizer.
  package var key: String {
    "chunks \(Self.version), documents \(DocumentReader.version), \(methodName), \(tokens) tokens, "
      + "\(overlapPercent) % overlap"
  }
}
