import Glibc
import Golden
import Knowledge
import Touchstone

/// How the vectors of a base are made. A base remembers it.
struct BaseVectorSettings: Equatable {
  var activations = EmbeddingOptions().activations
  var dimensions: Int?

  init(activations: ActivationPrecision?, dimensions: Int?, of store: EmbeddedStore?) throws {
    let parts = try store?.note("vectors")?.split(separator: " ").map(String.init) ?? []
    if parts.count == 2 {
      self.activations = ActivationPrecision(rawValue: parts[0]) ?? self.activations
      self.dimensions = Int(parts[1])
    }
    self.activations = activations ?? self.activations
    self.dimensions = dimensions ?? self.dimensions
  }

  var note: String { "\(activations.rawValue) \(dimensions.map(String.init) ?? "all")" }
}

extension ModelOptions {
  /// The model with its fingerprint. Its file is hashed only where the base does not remember this very file.
  func loadKnowledgeModel(
    _ settings: BaseVectorSettings, store: EmbeddedStore?, progress: Bool?
  ) throws -> (model: KnowledgeModel, weights: String, context: Int) {
    let model = try load()
    var options = EmbeddingOptions(activations: settings.activations, dimensions: settings.dimensions)
    options.batchTokens = 2048
    let file = Self.identity(of: model.path)
    let weights: WeightsIdentity
    if let file, let note = try store?.note("weights"), note.hasPrefix(file + " ") {
      weights = WeightsIdentity(fileName: "", byteCount: 0, sha256: String(note.dropFirst(file.count + 1)))
    } else {
      let line = ProgressLine(isWanted: progress)
      defer { line.finish() }
      weights = try FingerprintSource(model, options: options) { line.show(hashing($0)) }.identity
    }
    let fingerprint = try Fingerprint(model, weights: weights, options: options, role: .document)
    let name = model.path.split(separator: "/").last.map(String.init) ?? model.path
    return (
      KnowledgeModel(
        identity: ModelIdentity(name: name, fingerprint: fingerprint.id, dimensions: fingerprint.dimensions),
        embedder: model, meter: model.tokenizer, options: options),
      file.map { "\($0) \(weights.sha256)" } ?? "", model.configuration.contextLength
    )
  }

  /// Device, number, size and time of a file. nil for a split one, of which this sees a part.
  private static func identity(of path: String) -> String? {
    var status = stat()
    guard !path.contains("-of-"), stat(path, &status) == 0 else { return nil }
    return
      "\(status.st_dev):\(status.st_ino):\(status.st_size):\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }
}

/// A reranker of this process.
struct LocalReranker: PassageReranker {
  let model: RerankModel

  func scores(of passages: [String], for query: String) async throws -> [Double] {
    try await model.scores(
      of: passages, for: query, options: RerankOptions(truncation: .right)
    ).map(\.logitDifference)
  }
}
