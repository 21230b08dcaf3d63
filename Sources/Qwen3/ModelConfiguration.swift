import ForeignText
import GGUF
import Kernels

/// The shape of a model, as the metadata of its file says.
package struct ModelConfiguration: Sendable, Equatable {
  package let name: String?
  package let layerCount: Int
  /// The longest text the model was trained for, in tokens.
  package let contextLength: Int
  package let hiddenSize: Int
  package let feedForwardSize: Int
  package let headCount: Int
  /// Heads of keys and values; each serves `headCount / keyValueHeadCount` heads of queries.
  package let keyValueHeadCount: Int
  /// Components of one head. Not `hiddenSize / headCount`.
  package let headDimension: Int
  package let normEpsilon: Float
  package let ropeTheta: Float
  /// How the rotation is stretched for a longer context.
  package let ropeScaling: RotaryScaling
  package let vocabularySize: Int
  /// nil where the file does not say.
  package let pooling: Pooling?
  /// Whether a token attends to those before it only, as Qwen3 does. Else to the whole text: a bidirectional
  /// fine-tune.
  package let isCausal: Bool
  /// Keys under `qwen3.` that the engine does not know, in file order: their wishes are not met.
  package let unknownKeys: [String]
  /// Whether the file states ``ropeTheta``; else it is 10,000, as in llama.cpp.
  package let statesRopeTheta: Bool

  /// Components of all query heads together.
  package var querySize: Int { headCount * headDimension }
  /// Components of all key heads together, and of all value heads.
  package var keyValueSize: Int { keyValueHeadCount * headDimension }

  package static let architecture = "qwen3"
}

extension ModelConfiguration {
  /// Reads the configuration of a `qwen3` file.
  package init(_ file: GGUFFile) throws(ModelError) {
    let metadata = ModelMetadata(file.metadata)
    if let companion = CompanionFile(file.metadata) { throw ModelError.companionFile(companion) }
    let architecture = try metadata.string("general.architecture")
    guard architecture.hasBytes(of: Self.architecture) else {
      throw ModelError.architecture(found: architecture)
    }
    guard !file.tensors.isEmpty else { throw ModelError.noTensors }

    func count(_ suffix: String, atMost limit: Int) throws(ModelError) -> Int {
      let key = "\(architecture).\(suffix)"
      let value = try metadata.unsignedInteger(key)
      guard value > 0, value <= limit else {
        throw ModelError.value(key: key, found: "\(value)", needed: "from 1 to \(limit)")
      }
      return value
    }

    name = try metadata.stringIfPresent("general.name")
    layerCount = try count("block_count", atMost: 1 << 10)
    contextLength = try count("context_length", atMost: 1 << 24)
    hiddenSize = try count("embedding_length", atMost: 1 << 20)
    feedForwardSize = try count("feed_forward_length", atMost: 1 << 22)
    headCount = try count("attention.head_count", atMost: 1 << 12)
    keyValueHeadCount =
      try metadata.unsignedIntegerIfPresent("qwen3.attention.head_count_kv") == nil
      ? headCount : count("attention.head_count_kv", atMost: headCount)
    guard headCount % keyValueHeadCount == 0 else {
      throw ModelError.value(
        key: "qwen3.attention.head_count_kv", found: "\(keyValueHeadCount)",
        needed: "a divisor of \(headCount)")
    }
    guard headCount / keyValueHeadCount <= AttentionScratch.rowCapacity else {
      throw ModelError.value(
        key: "qwen3.attention.head_count", found: "\(headCount)",
        needed: "at most \(AttentionScratch.rowCapacity) times head_count_kv, which is \(keyValueHeadCount)")
    }
    headDimension =
      try metadata.unsignedIntegerIfPresent("qwen3.attention.key_length") == nil
      ? hiddenSize / headCount : count("attention.key_length", atMost: 1 << 12)
    guard headDimension % 2 == 0, headDimension > 0 else {
      throw ModelError.value(
        key: "qwen3.attention.key_length", found: "\(headDimension)", needed: "even: rotation turns pairs")
    }
    if let valueLength = try metadata.unsignedIntegerIfPresent("qwen3.attention.value_length"),
      valueLength != headDimension
    {
      throw ModelError.value(
        key: "qwen3.attention.value_length", found: "\(valueLength)",
        needed: "the head dimension, \(headDimension)")
    }

    func positive(_ suffix: String) throws(ModelError) -> Float {
      let key = "\(architecture).\(suffix)"
      let value = try metadata.float(key)
      guard value.isFinite, value >= Float.leastNormalMagnitude else {
        throw ModelError.value(key: key, found: "\(value)", needed: "a positive number")
      }
      return value
    }
    normEpsilon = try positive("attention.layer_norm_rms_epsilon")
    statesRopeTheta = try metadata.floatIfPresent("qwen3.rope.freq_base") != nil
    ropeTheta = try statesRopeTheta ? positive("rope.freq_base") : 10_000
    guard ropeTheta >= 1 else {
      throw ModelError.value(key: "qwen3.rope.freq_base", found: "\(ropeTheta)", needed: "at least 1")
    }
    ropeScaling = try RotaryScaling(metadata, contextLength: contextLength, theta: ropeTheta)
    isCausal = try metadata.boolIfPresent("qwen3.attention.causal") ?? true

    let embedding: TensorInfo
    do { embedding = try file.tensor(named: TensorName.tokenEmbedding) } catch { throw .file(error) }
    guard embedding.shape.count == 2, embedding.shape[0] <= Int(Int32.max) else {
      throw ModelError.shape(
        tensor: embedding.name, found: embedding.shape, needed: [0, hiddenSize], because: "a vocabulary")
    }
    vocabularySize = embedding.shape[0]
    if let tokens = try metadata.arrayIfPresent("tokenizer.ggml.tokens"), tokens.count > vocabularySize {
      throw ModelError.missingRows(tokenCount: tokens.count, rowCount: vocabularySize)
    }
    unknownKeys = try KnownKeys.check(
      file.metadata, headDimension: headDimension, hiddenSize: hiddenSize, contextLength: contextLength)

    switch try metadata.unsignedIntegerIfPresent("qwen3.pooling_type") {
    case nil: pooling = nil
    case 0: pooling = Pooling.none
    case 1: pooling = .mean
    case 2: pooling = .cls
    case 3, 4: pooling = .last  // 4, rank: a reranker scores the last token's state
    case let other?:
      throw ModelError.value(
        key: "qwen3.pooling_type", found: "\(other)", needed: "0 none, 1 mean, 2 cls, 3 last or 4 rank")
    }
  }
}
