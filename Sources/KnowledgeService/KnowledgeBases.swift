import ForeignText
import Foundation
import JSON
import Knowledge
import Synchronization
import Touchstone
import TouchstoneServer

/// The knowledge bases of a service, those of the command line and those that clients have made, and the
/// files that were uploaded.
final class KnowledgeBases: Sendable {
  let limits: KnowledgeLimits
  let shelf: FileShelf
  /// Where bases are that clients make.
  private let storesFolder: String
  private let serving: Serving
  private let state: Mutex<[ServedBase]>

  /// What new bases are made with.
  private struct Serving: Sendable {
    var model: ServedModel
    var embedder: EmbeddingModel
    var identity: ModelIdentity
    var weightsNote: String
    var reranker: String?
  }

  static let madePrefix = "vs_"

  /// - Throws: ``ServiceStartError`` where a base is of none of the models.
  init(
    _ definitions: [BaseDefinition], folder: String, _ models: [ServedModel], limits: KnowledgeLimits
  ) throws(ServiceStartError) {
    self.limits = limits
    var names: [String] = []
    for definition in definitions {
      guard !names.contains(definition.name) else {
        throw .extensionFailed("two knowledge bases are named '\(definition.name)'; name them apart")
      }
      names.append(definition.name)
    }
    let embedders = models.compactMap { served -> (ServedModel, EmbeddingModel)? in
      if case .embedding(let model) = served.model { (served, model) } else { nil }
    }
    guard let first = embedders.first else {
      throw .extensionFailed(
        "--knowledge needs a model that embeds, and only rerankers are served; add a --model")
    }
    let reranker = models.first { $0.task == .reranking }?.name
    var fingerprints = BaseFingerprints()
    do {
      let settings = try BaseVectorSettings(of: nil)
      let (identity, note) = try fingerprints.identity(of: first.1, settings, store: nil)
      serving = Serving(
        model: first.0, embedder: first.1, identity: identity, weightsNote: note, reranker: reranker)
    } catch {
      throw .extensionFailed("the knowledge bases cannot be served: \(error)")
    }
    var bases: [ServedBase] = []
    for definition in definitions {
      do {
        bases.append(
          try Self.open(
            definition.name, definition.path, isMade: false, embedders, &fingerprints, reranker, limits))
      } catch {
        throw .extensionFailed("--knowledge \(definition.name): \(error)")
      }
    }
    // Behind the bases: a new one wants an empty folder, and the files may be in it.
    storesFolder = folder + "/stores"
    do {
      shelf = try FileShelf(folder: folder + "/files", byteLimit: limits.shelfBytes)
      try FileManager.default.createDirectory(atPath: storesFolder, withIntermediateDirectories: true)
    } catch {
      throw .extensionFailed(
        "the folder \(folder.escaped) for uploaded files cannot be used: \(reason(of: error)); name another one with "
          + "--knowledge-folder")
    }
    let made = (try? FileManager.default.contentsOfDirectory(atPath: storesFolder)) ?? []
    for name in made.sorted() where name.hasPrefix(Self.madePrefix) && BaseDefinition.isName(name) {
      do {
        bases.append(
          try Self.open(
            name, "\(storesFolder)/\(name)", isMade: true, embedders, &fingerprints, reranker, limits))
      } catch {
        throw .extensionFailed("the vector store \(name): \(error)")
      }
    }
    let all = bases
    state = Mutex(all)
  }

  /// With the model that made the base, whichever of those that are served.
  private static func open(
    _ name: String, _ path: String, isMade: Bool, _ embedders: [(ServedModel, EmbeddingModel)],
    _ fingerprints: inout BaseFingerprints, _ reranker: String?, _ limits: KnowledgeLimits
  ) throws -> ServedBase {
    let store = EmbeddedStore.exists(at: path) ? try EmbeddedStore.reader(at: path) : nil
    let settings = try BaseVectorSettings(of: store)
    var asked: [ModelIdentity] = []
    for (served, model) in embedders {
      let width = model.configuration.hiddenSize
      guard settings.dimensions ?? width <= width else { continue }
      let (identity, note) = try fingerprints.identity(of: model, settings, store: store)
      asked.append(identity)
      guard store == nil || store?.model.fingerprint == identity.fingerprint else { continue }
      return try ServedBase(
        name: name, path: path, isMade: isMade,
        model: .init(
          served: served, model: model, identity: identity, options: settings.options, weightsNote: note,
          settings: settings), reranker: reranker, limits: limits)
    }
    guard let store, let first = asked.first else {
      throw KnowledgeError.option(
        "no model that is served has vectors of \(settings.dimensions ?? 0) dimensions")
    }
    throw KnowledgeError.otherModel(base: store.model, asked: first)
  }

  /// Those of the command line first.
  var all: [ServedBase] { state.withLock(\.self) }

  /// By its name, or by the identifier that OpenAI's clients know.
  func base(_ name: String) throws(ServiceError) -> ServedBase {
    guard let base = all.first(where: { $0.name.hasBytes(of: name) || $0.id.hasBytes(of: name) }) else {
      throw .notFound(
        "there is no knowledge base \(name.quotedAsID) here; this service has "
          + (all.isEmpty ? "none" : all.map(\.name).quotedList()))
    }
    return base
  }

  func make() throws -> ServedBase {
    guard all.count(where: \.isMade) < limits.madeStores else {
      throw ServiceError.conflict(
        "there are \(limits.madeStores) vector stores, which is the limit; delete some")
    }
    let name = Self.madePrefix + RandomID.hexadecimal()
    let base = try ServedBase(
      name: name, path: "\(storesFolder)/\(name)", isMade: true,
      model: .init(
        served: serving.model, model: serving.embedder, identity: serving.identity,
        options: EmbeddingOptions(), weightsNote: serving.weightsNote,
        settings: try BaseVectorSettings(of: nil)), reranker: serving.reranker, limits: limits)
    state.withLock { $0.append(base) }
    return base
  }

  func delete(_ base: ServedBase) async throws {
    guard base.isMade else {
      throw ServiceError.conflict(
        "the knowledge base '\(base.name)' is the operator's (serve --knowledge); a client can delete its files, not the base"
      )
    }
    state.withLock { bases in bases.removeAll { $0 === base } }
    await base.stop()
    // Away at once under its name, whatever a crash leaves of it.
    let gone = "\(storesFolder)/.deleted-\(base.name)"
    guard rename(base.path, gone) == 0 else {
      throw ServiceError.engine("the vector store cannot be removed: \(String(cString: strerror(errno)))")
    }
    try? FileManager.default.removeItem(atPath: gone)
  }

  /// Takes a file from the shelf and out of all bases.
  func deleteFile(_ id: String) throws {
    let file = try shelf.file(id)
    for base in all where try base.store.note(Attachment.notePrefix + file.id) != nil {
      try base.detach(file.id)
    }
    try shelf.remove(file.id)
  }

  func stop() async { for base in all { await base.stop() } }
}

extension ServedBase {
  /// What a client of OpenAI's API said of it.
  struct Label: Sendable, Equatable {
    var name: String
    var description: String?
    var created: Int
    var metadata = FileAttributes()
  }

  func label() throws -> Label {
    if let note = try store.note("label"), let json = try? JSONParser.parse(Array(note.utf8)),
      case .string(let name)? = json["name"], case .number(let created)? = json["created"]
    {
      var label = Label(name: name, created: Int(created) ?? 0)
      if case .string(let text)? = json["description"] { label.description = text }
      label.metadata = (try? FileAttributes(json["metadata"])) ?? FileAttributes()
      return label
    }
    // The first writer makes this file, and nobody writes into it.
    var status = stat()
    let created = stat(path + "/lock", &status) == 0 ? status.modificationTime.tv_sec : 0
    return Label(name: name, created: created)
  }

  func setLabel(_ label: Label) throws {
    var members: [JSONValue.Member] = [
      .init("name", .string(label.name)), .init("created", .number(label.created)),
      .init("metadata", label.metadata.json),
    ]
    if let description = label.description { members.append(.init("description", .string(description))) }
    var bytes: [UInt8] = []
    bytes.append(json: .object(members))
    try writing { try $0.setNote("label", String(decoding: bytes, as: UTF8.self)) }
  }
}
