import GGUF
import Kernels

/// The weights of a model: matrices [out, in] as the file stores them, mapped; norm weights as float32.
package struct ModelWeights: Sendable {
  /// [vocabularySize, hiddenSize]; only ever looked up by row.
  package let tokenEmbedding: WeightMatrix
  package let layers: [LayerWeights]
  /// [hiddenSize]
  package let outputNorm: [Float]
  /// Keeps the mapped bytes that the matrices point into.
  private let file: GGUFFile
}

/// The weights of one layer.
package struct LayerWeights: Sendable {
  /// [hiddenSize]
  package let attentionNorm: [Float]
  /// [headCount · headDimension, hiddenSize]
  package let query: WeightMatrix
  /// [keyValueHeadCount · headDimension, hiddenSize]
  package let key: WeightMatrix
  /// [keyValueHeadCount · headDimension, hiddenSize]
  package let value: WeightMatrix
  /// [headDimension]
  package let queryNorm: [Float]
  /// [headDimension]
  package let keyNorm: [Float]
  /// [hiddenSize, headCount · headDimension]
  package let attentionOutput: WeightMatrix
  /// [hiddenSize]
  package let feedForwardNorm: [Float]
  /// [feedForwardSize, hiddenSize]
  package let gate: WeightMatrix
  /// [feedForwardSize, hiddenSize]
  package let up: WeightMatrix
  /// [hiddenSize, feedForwardSize]
  package let down: WeightMatrix
}

extension ModelWeights {
  /// Finds and checks every tensor, and that the file has no others. Matrices are not read.
  package init(_ file: GGUFFile, _ configuration: ModelConfiguration) throws(ModelError) {
    let c = configuration
    let tensors = TensorReader(file: file)
    tokenEmbedding = try tensors.matrix(TensorName.tokenEmbedding, c.vocabularySize, c.hiddenSize)
    outputNorm = try tensors.norm(TensorName.outputNorm, c.hiddenSize)
    var layers: [LayerWeights] = []
    for index in 0..<c.layerCount {
      func name(_ part: String) -> String { TensorName.layer(index, part) }
      layers.append(
        LayerWeights(
          attentionNorm: try tensors.norm(name("attn_norm"), c.hiddenSize),
          query: try tensors.matrix(name("attn_q"), c.querySize, c.hiddenSize),
          key: try tensors.matrix(name("attn_k"), c.keyValueSize, c.hiddenSize),
          value: try tensors.matrix(name("attn_v"), c.keyValueSize, c.hiddenSize),
          queryNorm: try tensors.norm(name("attn_q_norm"), c.headDimension),
          keyNorm: try tensors.norm(name("attn_k_norm"), c.headDimension),
          attentionOutput: try tensors.matrix(name("attn_output"), c.hiddenSize, c.querySize),
          feedForwardNorm: try tensors.norm(name("ffn_norm"), c.hiddenSize),
          gate: try tensors.matrix(name("ffn_gate"), c.feedForwardSize, c.hiddenSize),
          up: try tensors.matrix(name("ffn_up"), c.feedForwardSize, c.hiddenSize),
          down: try tensors.matrix(name("ffn_down"), c.hiddenSize, c.feedForwardSize)))
    }
    let unknown = KnownTensors.unknown(in: file, layerCount: c.layerCount)
    guard unknown.isEmpty else { throw .unknownTensors(unknown) }
    self.layers = layers
    self.file = file
  }

  /// The size of all matrices in the file, and the number of weights in them.
  package var weightCount: Int {
    layers.reduce(tokenEmbedding.rowCount * tokenEmbedding.columnCount) { sum, layer in
      [layer.query, layer.key, layer.value, layer.attentionOutput, layer.gate, layer.up, layer.down]
        .reduce(sum) { $0 + $1.rowCount * $1.columnCount }
    }
  }
}
