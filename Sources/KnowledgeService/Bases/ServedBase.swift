import Chunking
import ForeignText
import Foundation
import Hashing
import Knowledge
import Synchronization
import Touchstone
import TouchstoneServer

/// A knowledge base of the service: any number of readers, one writer, which works in the background on a
/// thread of its own.
///
/// The writer holds the base's lock only while there is work, so that `touchstone kb add` can bring the base
/// up to date beside a service.
final class ServedBase: Sendable {
  let name: String
  let path: String
  /// Whether a client made it, and may delete it.
  let isMade: Bool
  /// How the service uses its model for this base.
  struct Model: Sendable {
    var served: ServedModel
    var model: EmbeddingModel
    var identity: ModelIdentity
    var options: EmbeddingOptions
    var weightsNote: String
    var settings: BaseVectorSettings
  }
  let model: Model
  let reranker: String?
  private let limits: KnowledgeLimits
  private let state: Mutex<State>

  private struct State {
    var reader: EmbeddedStore
    var writer: EmbeddedStore?
    var writerUses = 0
    var queue: [Work] = []
    /// What is being done.
    var running: [Work] = []
    var task: Task<Void, Never>?
    var isStopped = false
    var progress: Progress?
    /// By file id, why the last attempt did not come to the document itself.
    var troubles: [String: String] = [:]
  }

  /// Something to be brought up to date.
  struct Work: Sendable, Equatable {
    /// nil: the document was not put there by a client of the service.
    var fileID: String?
    var path: String
    var chunking: ChunkingOptions?
  }

  struct Progress: Sendable {
    var documents = 0
    var documentCount = 0
    var chunksEmbedded = 0
    var start = ContinuousClock.now
    /// Another process writes to the base.
    var isLockedOut = false
  }

  private static let indexing = WorkPool("touchstone.indexing", width: 2)

  init(
    name: String, path: String, isMade: Bool, model: Model, reranker: String?, limits: KnowledgeLimits
  ) throws {
    self.name = name
    self.path = path
    self.isMade = isMade
    self.model = model
    self.reranker = reranker
    self.limits = limits
    if !EmbeddedStore.exists(at: path) {
      let store = try EmbeddedStore.writer(at: path, model: model.identity)
      try store.setNote("vectors", model.settings.note)
      if !model.weightsNote.isEmpty { try store.setNote("weights", model.weightsNote) }
    }
    state = Mutex(State(reader: try EmbeddedStore.reader(at: path)))
  }

  /// The identifier by which OpenAI's clients know it.
  var id: String { isMade ? name : "vs_" + name }

  // MARK: Reading

  var store: EmbeddedStore { state.withLock(\.reader) }

  /// The base as a search sees it.
  ///
  /// - Parameter caller: who waits. nil: nobody but a test.
  func opened(_ service: InferenceService, _ caller: Caller?, reranks: Bool = true) throws -> BaseAccess {
    // Embedded again by another process: another model, or this one after all.
    if store.model.fingerprint != model.identity.fingerprint { try reopen() }
    return BaseAccess(
      name: name, store: store, model: knowledgeModel(service, caller),
      reranker: reranks
        ? reranker.map { ScheduledReranker(service: service, model: $0, caller: caller) } : nil,
      rerankBudget: limits.rerankBudget)
  }

  func reopen() throws {
    let reader = try EmbeddedStore.reader(at: path)
    state.withLock { $0.reader = reader }
  }

  private func knowledgeModel(_ service: InferenceService, _ caller: Caller?) -> KnowledgeModel {
    KnowledgeModel(
      identity: model.identity,
      embedder: ScheduledEmbedder(
        service: service, model: model.served.name, dimensions: model.model.configuration.hiddenSize,
        pooling: model.model.configuration.pooling ?? .last, caller: caller),
      meter: model.model.tokenizer, options: model.options, queryRole: service.settings.queryRole)
  }

  func attachments() throws -> [Attachment] {
    try store.notes(beginningWith: Attachment.notePrefix).compactMap {
      Attachment(fileID: $0.name, note: $0.value)
    }
  }

  /// All files, those of clients and those that `kb add` brought, the oldest first.
  func files() throws -> [BaseFile] {
    let documents = Dictionary(
      try store.documents().map { (ByteString($0.path), $0) }, uniquingKeysWith: { $1 })
    let failures = Dictionary(
      try store.failures().map { (ByteString($0.path), $0.reason) }, uniquingKeysWith: { $1 })
    var files: [BaseFile] = []
    var seen: Set<ByteString> = []
    for attachment in try attachments() {
      let path = ByteString(attachment.path)
      seen.insert(path)
      files.append(file(attachment, documents[path], failures[path]))
    }
    for (path, document) in documents where !seen.contains(path) {
      files.append(file(Self.attachment(of: document), document, nil))
    }
    for (path, reason) in failures where !seen.contains(path) && documents[path] == nil {
      files.append(file(Self.attachment(path: path.text, modified: 0), nil, reason))
    }
    return files.sorted {
      ($0.attachment.created, $0.attachment.path) < ($1.attachment.created, $1.attachment.path)
    }
  }

  func file(_ id: String) throws -> BaseFile {
    guard id.utf8.count <= 64 else {
      throw ServiceError.notFound("the vector store has no file \(id.quotedAsID)")
    }
    if let note = try store.note(Attachment.notePrefix + id),
      let attachment = Attachment(fileID: id, note: note)
    {
      let failure = try store.failures().first { $0.path == attachment.path }?.reason
      return file(attachment, try store.document(path: attachment.path), failure)
    }
    guard let found = try files().first(where: { $0.attachment.fileID == id }) else {
      throw ServiceError.notFound("the vector store has no file \(id.quotedAsID)")
    }
    return found
  }

  private func file(_ attachment: Attachment, _ document: StoredDocument?, _ failure: String?) -> BaseFile {
    let (isWaiting, trouble) = state.withLock { state in
      (
        (state.queue + state.running).contains { $0.path == attachment.path },
        state.troubles[attachment.fileID]
      )
    }
    let fileState: BaseFile.State =
      if isWaiting {
        .waiting
      } else if attachment.isCancelled {
        .cancelled
      } else if let failure = failure ?? trouble {
        .failed(failure)
      } else if document != nil {
        .completed
      } else {
        .waiting
      }
    return BaseFile(
      attachment: attachment, state: fileState, byteCount: document?.byteCount ?? 0, document: document)
  }

  /// Of a document that no client of the service put there.
  private static func attachment(of document: StoredDocument) -> Attachment {
    attachment(path: document.path, modified: document.modificationTime)
  }

  private static func attachment(path: String, modified: Int) -> Attachment {
    Attachment(
      fileID: fileID(ofPath: path), path: path,
      filename: path.split(separator: "/").last.map(String.init) ?? path, created: modified / 1_000_000_000)
  }

  /// Stands for the path of a document that no client put there.
  static func fileID(ofPath path: String) -> String {
    var hash = SHA256()
    hash.update(Array(path.utf8))
    return "doc-" + hash.hexadecimalDigest.prefix(24)
  }

  /// By paths, what clients put there: for the names and attributes of hits.
  func attachmentsByPath() throws -> [String: Attachment] {
    Dictionary(try attachments().map { ($0.path, $0) }, uniquingKeysWith: { $1 })
  }

  /// The documents for which the condition holds. nil: all.
  func documents(where condition: DocumentCondition?) throws -> [String]? {
    guard let condition else { return nil }
    let attached = try attachmentsByPath()
    return try store.facts().filter { facts in
      let attributes = attached[facts.path]?.attributes
      return condition.holds { key in attributes?[key] ?? facts[key] }
    }.map(\.path)
  }

  // MARK: Writing

  /// Has the writer, opened for `body` where there is none.
  func writing<Result>(_ body: (EmbeddedStore) throws -> Result) throws -> Result {
    let store = try beginWriting()
    defer { endWriting() }
    return try body(store)
  }

  private func beginWriting() throws -> EmbeddedStore {
    try state.withLock { state in
      if state.writer == nil { state.writer = try EmbeddedStore.writer(at: path, model: model.identity) }
      state.writerUses += 1
      return state.writer!
    }
  }

  private func endWriting() {
    // Its lock is free before anyone can open the next writer. Its files are closed outside of the mutex.
    let ended = state.withLock { state -> EmbeddedStore? in
      state.writerUses -= 1
      guard state.writerUses == 0 else { return nil }
      state.writer?.endWriting()
      defer { state.writer = nil }
      return state.writer
    }
    _ = ended
  }

  /// Keeps attachments and has them read. Files that are there already are read again.
  func attach(_ attachments: [Attachment], _ service: InferenceService) throws {
    let waiting = state.withLock { $0.queue.count }
    guard waiting + attachments.count <= limits.waitingFiles else {
      throw ServiceError.overloaded(retryAfterSeconds: 30)
    }
    try writing { store in
      for attachment in attachments { try store.setNote(attachment.noteName, attachment.note) }
    }
    enqueue(
      attachments.map { Work(fileID: $0.fileID, path: $0.path, chunking: $0.chunking) }, service)
  }

  func setAttributes(_ attributes: FileAttributes, of id: String) throws -> BaseFile {
    var attachment = try file(id).attachment
    attachment.attributes = attributes
    try writing { try $0.setNote(attachment.noteName, attachment.note) }
    return try file(id)
  }

  /// Takes a file out of the base; the file itself stays.
  func detach(_ id: String) throws {
    let attachment = try file(id).attachment
    // From the queue first: what is running finds that its note is gone.
    state.withLock { state in
      state.queue.removeAll { $0.path == attachment.path }
      state.troubles[id] = nil
    }
    try writing { store in
      try store.removeNote(attachment.noteName)
      _ = try store.remove([attachment.path])
    }
  }

  /// Ends what waits of these files; what is in the base stays.
  func cancel(_ ids: Set<String>) throws {
    let cancelled = state.withLock { state in
      let gone = state.queue.filter { $0.fileID.map(ids.contains) ?? false }
      state.queue.removeAll { $0.fileID.map(ids.contains) ?? false }
      return gone.compactMap(\.fileID)
    }
    try writing { store in
      for id in cancelled {
        guard let note = try store.note(Attachment.notePrefix + id),
          var attachment = Attachment(fileID: id, note: note)
        else { continue }
        attachment.isCancelled = true
        try store.setNote(attachment.noteName, attachment.note)
      }
    }
  }

  /// Reads all documents again whose files are there, and cuts them anew where the options differ.
  ///
  /// - Returns: how many wait now.
  func reindex(_ chunking: ChunkingOptions?, _ service: InferenceService) throws -> Int {
    let attached = try attachmentsByPath()
    if let chunking { try writing { try $0.setChunking(chunking) } }
    var known: Set<ByteString> = []
    let paths = try store.facts().map(\.path) + attached.keys.sorted()
    let work = paths.filter { access($0, F_OK) == 0 && known.insert(ByteString($0)).inserted }.map {
      Work(fileID: attached[$0]?.fileID, path: $0, chunking: attached[$0]?.chunking)
    }
    enqueue(work, service)
    return work.count
  }

  /// Goes on with what was interrupted before the service began.
  func resume(_ service: InferenceService) throws {
    let failures = Set(try store.failures().map(\.path))
    let unread = try attachments().filter { attachment in
      try !attachment.isCancelled && !failures.contains(attachment.path)
        && !store.hasDocument(attachment.path)
    }
    if !unread.isEmpty {
      enqueue(unread.map { Work(fileID: $0.fileID, path: $0.path, chunking: $0.chunking) }, service)
    }
  }

  private func enqueue(_ work: [Work], _ service: InferenceService) {
    state.withLock { state in
      guard !state.isStopped else { return }
      let known = Set(state.queue.map(\.path))
      state.queue += work.filter { !known.contains($0.path) }
      for one in work { if let id = one.fileID { state.troubles[id] = nil } }
      if var progress = state.progress {
        progress.documentCount += work.count
        state.progress = progress
      }
      guard state.task == nil, !state.queue.isEmpty else { return }
      state.progress = Progress(documentCount: state.queue.count)
      state.task = Task.detached(executorPreference: Self.indexing) { [self] in await workOff(service) }
    }
  }

  /// How far the work in the background is. nil: there is none.
  var progress: (waiting: Int, done: Progress)? {
    state.withLock { state in state.progress.map { (state.queue.count + state.running.count, $0) } }
  }

  func stop() async {
    let task = state.withLock { state in
      state.isStopped = true
      state.queue = []
      return state.task
    }
    task?.cancel()
    await task?.value
  }

  private static let batchSize = 32

  private func workOff(_ service: InferenceService) async {
    while let batch = nextBatch() {
      do {
        let store = try beginWriting()
        defer { endWriting() }
        try await update(batch, store, service)
        finish(batch, trouble: nil)
      } catch let error as KnowledgeError {
        if case .locked = error {
          // Another process writes; it ends some time.
          state.withLock { $0.progress?.isLockedOut = true }
          if (try? await Task.sleep(for: .seconds(1))) != nil {
            state.withLock { state in
              state.queue.insert(contentsOf: state.running, at: 0)
              state.running = []
            }
            continue
          }
        }
        finish(batch, trouble: error.description)
      } catch is CancellationError {
        finish(batch, trouble: nil)
      } catch {
        finish(batch, trouble: reason(of: error))
      }
    }
  }

  /// Work of one way to cut, as much as is worth one transaction.
  private func nextBatch() -> [Work]? {
    state.withLock { state in
      guard !state.isStopped, let first = state.queue.first else {
        state.task = nil
        state.progress = nil
        return nil
      }
      let batch = Array(state.queue.prefix { $0.chunking == first.chunking }.prefix(Self.batchSize))
      state.queue.removeFirst(batch.count)
      state.running = batch
      return batch
    }
  }

  private func finish(_ batch: [Work], trouble: String?) {
    state.withLock { state in
      state.running = []
      guard let trouble else { return }
      for work in batch { if let id = work.fileID { state.troubles[id] = trouble } }
    }
  }

  private func update(_ batch: [Work], _ store: EmbeddedStore, _ service: InferenceService) async throws {
    let usual = try store.chunking() ?? ChunkingOptions(tokens: min(400, context))
    var update = Update()
    update.chunking = batch[0].chunking ?? usual
    let (before, chunksBefore) = state.withLock { state in
      state.progress?.isLockedOut = false
      return (state.progress?.documents ?? 0, state.progress?.chunksEmbedded ?? 0)
    }
    let there = batch.filter { access($0.path, F_OK) == 0 }
    for gone in batch where !there.contains(gone) {
      if let id = gone.fileID { state.withLock { $0.troubles[id] = "its file is gone; upload it again" } }
    }
    _ = try await update.run(there.map(\.path), store, knowledgeModel(service, nil)) { progress in
      state.withLock { state in
        state.progress?.documents = before + progress.files
        state.progress?.chunksEmbedded = chunksBefore + progress.chunksEmbedded
      }
    }
    // The base keeps its own way to cut.
    if batch[0].chunking != nil { try store.setChunking(usual) }
    // Detached while it was read.
    for work in batch {
      guard let id = work.fileID, try store.note(Attachment.notePrefix + id) == nil else { continue }
      _ = try store.remove([work.path])
    }
    state.withLock { $0.progress?.documents = before + batch.count }
  }

  /// The most tokens of a piece.
  var context: Int { model.model.configuration.contextLength }
}

/// A base that can be asked.
package struct BaseAccess: Sendable {
  package var name: String
  package var store: EmbeddedStore
  /// nil: keywords only.
  package var model: KnowledgeModel?
  package var reranker: (any PassageReranker)?
  /// Where a search names none.
  package var rerankBudget: Duration?

  package init(
    name: String, store: EmbeddedStore, model: KnowledgeModel?, reranker: (any PassageReranker)?,
    rerankBudget: Duration? = nil
  ) {
    self.name = name
    self.store = store
    self.model = model
    self.reranker = reranker
    self.rerankBudget = rerankBudget
  }

  package func search(_ query: String, _ options: SearchOptions) async throws -> SearchResult {
    var options = options
    if options.rerankBudget == nil { options.rerankBudget = rerankBudget }
    return try await Searcher(source: store, model: model, reranker: reranker).search(query, options)
  }
}
