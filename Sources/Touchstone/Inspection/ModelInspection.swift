import GGUF
import Qwen3

/// The statements of a GGUF file, whether or not the engine can run it: to find out the contents of a
/// file, and why a model behaves as it does.
///
/// Only the header and the norms' weights are read. Facts that the file does not state, or states in the
/// wrong type, are nil.
public struct ModelInspection: Sendable {
  public let path: String
  /// The size of all parts together.
  public let byteCount: Int
  public let partCount: Int
  /// The version of the GGUF format.
  public let formatVersion: Int
  public let architecture: String?
  public let name: String?
  public let kind: ModelKind
  public let shape: ModelShape
  /// How the rotation is stretched for a longer context; nil where the file is refused before it is read.
  public let ropeScaling: RotaryScaling?
  /// How token states become a vector, in GGUF's words: `none`, `mean`, `cls`, `last`, `rank`; nil where the
  /// file does not say.
  public let pooling: String?
  public let vocabulary: VocabularyFacts
  /// The storage of the weights, largest first.
  public let blockFormats: [BlockFormatUse]
  /// In file order.
  public let tensors: [TensorFacts]
  /// In file order.
  public let metadata: [MetadataFact]
  /// Why the engine refuses the file, in its own sentences; empty for a file that it runs.
  public let errors: [String]
  /// Surprises for the user of this file, most serious first.
  public let warnings: [ModelWarning]

  /// All numbers that training has set.
  public var parameterCount: Int { blockFormats.reduce(0) { $0 + $1.parameterCount } }

  /// The warnings that say more than ``errors`` do.
  package var furtherWarnings: [ModelWarning] {
    errors.isEmpty ? warnings : warnings.filter { !$0.isRefusal }
  }

  /// - Parameter path: a GGUF file, or the first part of a split one.
  /// - Throws: ``TouchstoneError/file(_:)`` where the file cannot be read as GGUF.
  public init(path: String) throws(TouchstoneError) {
    self.init(try TouchstoneError.openFile(path), path: path)
  }

  package init(_ file: GGUFFile, path: String) {
    self.path = path
    byteCount = file.byteCount
    partCount = file.partCount
    formatVersion = Int(file.version.rawValue)
    let architecture = try? file.metadata.stringIfPresent("general.architecture")
    self.architecture = architecture
    name = try? file.metadata.stringIfPresent("general.name")
    shape = ModelShape(file.metadata, architecture: architecture ?? "qwen3")
    let poolingID = try? file.metadata.unsignedIntegerIfPresent("\(architecture ?? "qwen3").pooling_type")
    pooling = poolingID.map { Self.poolingNames.indices.contains($0) ? Self.poolingNames[$0] : "type \($0)" }
    vocabulary = VocabularyFacts(file.metadata)
    blockFormats = BlockFormatUse.all(in: file.tensors)
    tensors = file.tensors.map(TensorFacts.init)
    metadata = file.metadata.entries.map(MetadataFact.init)
    let (kind, headError) = ModelKind.of(file, architecture: architecture)
    self.kind = kind
    var warnings = ModelWarning.all(
      architecture: architecture, kind: kind, pooling: pooling, vocabulary: vocabulary,
      blockFormats: blockFormats)
    if let headError { warnings.append(.rerankerHead(headError)) }
    if case .reranker(let head?) = kind { warnings += ModelWarning.reranker(head, file.metadata) }
    if kind == .embedding, RerankerHead.isNamedReranker(file) { warnings.append(.otherReranker) }
    let steps = LoadingSteps(file, kind: kind)
    ropeScaling = steps.configuration?.ropeScaling
    if let configuration = steps.configuration { warnings += ModelWarning.configuration(configuration) }
    errors = steps.errors
    self.warnings = warnings
  }

  /// llama.cpp's numbers for `{architecture}.pooling_type`.
  private static let poolingNames = ["none", "mean", "cls", "last", "rank"]
}

/// The shape of a model as its metadata gives it.
public struct ModelShape: Sendable, Equatable {
  public let layerCount: Int?
  public let contextLength: Int?
  public let hiddenSize: Int?
  public let feedForwardSize: Int?
  public let headCount: Int?
  public let keyValueHeadCount: Int?
  public let headDimension: Int?
  /// Whether tokens attend to those before them only; nil where the file does not say, which means that they
  /// do.
  public let isCausal: Bool?
  public let ropeTheta: Float?
  public let normEpsilon: Float?

  init(_ metadata: Metadata, architecture: String) {
    func integer(_ key: String) -> Int? { try? metadata.unsignedIntegerIfPresent("\(architecture).\(key)") }
    func float(_ key: String) -> Float? { try? metadata.floatIfPresent("\(architecture).\(key)") }
    layerCount = integer("block_count")
    contextLength = integer("context_length")
    hiddenSize = integer("embedding_length")
    feedForwardSize = integer("feed_forward_length")
    headCount = integer("attention.head_count")
    keyValueHeadCount = integer("attention.head_count_kv")
    headDimension = integer("attention.key_length")
    isCausal = try? metadata.boolIfPresent("\(architecture).attention.causal")
    ropeTheta = float("rope.freq_base")
    normEpsilon = float("attention.layer_norm_rms_epsilon")
  }
}
