import GGUF
import Kernels
import Qwen3
import Touchstone

/// A Qwen3-Embedding or Qwen3-Reranker model of any size with random weights: what engines take time for is
/// all there, and its vectors and scores mean nothing.
///
/// The same arguments give the same bytes, on any machine and with any number of threads.
package struct SyntheticModel: Sendable {
  package let shape: SyntheticShape
  package let mix: WeightMix
  package let seed: UInt64
  package let isReranker: Bool
  /// Every tensor of the file, in order.
  package let tensors: [SyntheticTensor]
  private let vocabulary: SyntheticVocabulary

  /// - Parameters:
  ///   - isPure: every matrix in the mix's main format, the embedding table too.
  ///   - isReranker: with a head that judges documents, as llama.cpp's converter writes it.
  /// - Throws: ``TouchstoneError/invalidOption(_:)`` where no model has such a shape.
  package init(
    shape: SyntheticShape, mix: WeightMix, isPure: Bool = false, isReranker: Bool = false, seed: UInt64,
    vocabulary: SyntheticVocabulary
  ) throws(TouchstoneError) {
    try shape.check()
    self.shape = shape
    self.mix = mix
    self.seed = seed
    self.isReranker = isReranker
    self.vocabulary = vocabulary
    tensors = SyntheticTensors(shape: shape, mix: mix, isPure: isPure, isReranker: isReranker).all
  }

  /// Writes the file, a few megabytes at a time; it appears under its name when it is complete.
  ///
  /// - Parameters:
  ///   - threadCount: how many threads make weights. nil: as many as this process may run at once.
  ///   - progress: called with the share of the weights that is written.
  /// - Throws: ``TouchstoneError``; ``TouchstoneError/cancelled`` when the current task is cancelled.
  package func write(
    to path: String, threadCount: Int? = nil, progress: (Double) -> Void = { _ in }
  ) throws(TouchstoneError) {
    do {
      let writer = try writer()
      let source = RandomWeights(
        seed: seed, workers: Workers(count: try computingThreadCount(threadCount)))
      let valueCount = tensors.reduce(0) { $0 + $1.valueCount }
      var writtenCount = 0
      var index = 0
      try writer.write(to: path) { _, output in
        try source.write(tensors[index], index: index, to: &output) { count in
          if Task.isCancelled { throw TouchstoneError.cancelled }
          writtenCount += count
          progress(Double(writtenCount) / Double(valueCount))
        }
        index += 1
      }
    } catch let error as TouchstoneError {
      throw error
    } catch let error as GGUFError {
      throw .file(error)
    } catch {
      preconditionFailure("no other error is thrown: \(error)")
    }
  }

  private func writer() throws(GGUFError) -> GGUFWriter {
    var writer = GGUFWriter()
    addMetadata(to: &writer.metadata)
    for tensor in tensors {
      try writer.addTensor(named: tensor.name, type: tensor.format.tensorType, shape: tensor.shape)
    }
    return writer
  }

  private func addMetadata(to metadata: inout Metadata) {
    func count(_ key: String, _ value: Int) { metadata[key] = .uint32(UInt32(value)) }
    metadata["general.architecture"] = .string("qwen3")
    metadata["general.type"] = .string("model")
    metadata["general.name"] = .string("Random weights \(mix.rawValue), seed \(seed)")
    metadata["general.file_type"] = .uint32(mix.fileType)
    metadata["general.quantization_version"] = .uint32(2)
    count("qwen3.block_count", shape.layerCount)
    count("qwen3.context_length", shape.contextLength)
    count("qwen3.embedding_length", shape.hiddenSize)
    count("qwen3.feed_forward_length", shape.feedForwardSize)
    count("qwen3.attention.head_count", shape.headCount)
    count("qwen3.attention.head_count_kv", shape.keyValueHeadCount)
    count("qwen3.attention.key_length", shape.headDimension)
    count("qwen3.attention.value_length", shape.headDimension)
    metadata["qwen3.attention.layer_norm_rms_epsilon"] = .float32(1e-6)
    metadata["qwen3.rope.freq_base"] = .float32(1e6)
    metadata["qwen3.pooling_type"] = .uint32(isReranker ? 4 : 3)
    if isReranker {
      metadata[RerankerHead.labelsKey] = .array(MetadataArray(["yes", "no"]))
      metadata["tokenizer.chat_templates"] = .array(MetadataArray(["rerank"]))
      metadata[RerankerHead.templateKey] = .string(RerankPrompt.template)
    }
    vocabulary.add(to: &metadata, size: shape.vocabularySize)
  }
}
