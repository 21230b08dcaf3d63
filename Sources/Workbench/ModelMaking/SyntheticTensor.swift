import GGUF
import Kernels
import Qwen3
import Touchstone

/// One tensor of a model to be made.
package struct SyntheticTensor: Sendable {
  package let name: String
  package let format: BlockFormat
  /// Outermost dimension first.
  package let shape: [Int]
  /// Of the weights.
  let mean: Float
  let standardDeviation: Float
  /// Whether the mix has another format for it, in which its rows are not whole blocks.
  package let isFallback: Bool

  package var valueCount: Int { shape.reduce(1, *) }
  var rowLength: Int { shape[shape.count - 1] }
}

/// The tensors of a model, in the order in which llama.cpp's converter writes them.
///
/// Weights of a matrix have the deviation 1/√columns, which keeps the size of what they multiply. The
/// embedding is small beside what the layers add, so that a vector depends on all tokens and not only on the
/// last.
struct SyntheticTensors {
  let shape: SyntheticShape
  let mix: WeightMix
  /// Every matrix in the mix's main format.
  let isPure: Bool
  /// With the head of a reranker.
  let isReranker: Bool

  var all: [SyntheticTensor] {
    [norm("output_norm", shape.hiddenSize), embedding] + (isReranker ? [rankHead] : [])
      + (0..<shape.layerCount).flatMap(layer)
  }

  /// Logits that differ by a few units.
  private var rankHead: SyntheticTensor {
    SyntheticTensor(
      name: "cls.output.weight", format: .f16, shape: [2, shape.hiddenSize], mean: 0,
      standardDeviation: 4 / Float(2 * shape.hiddenSize).squareRoot(), isFallback: false)
  }

  private var embedding: SyntheticTensor {
    matrix(.tokenEmbedding, layer: nil, [shape.vocabularySize, shape.hiddenSize], standardDeviation: 0.4)
  }

  private func layer(_ index: Int) -> [SyntheticTensor] {
    func matrix(_ role: WeightRole, _ rowCount: Int, _ columnCount: Int) -> SyntheticTensor {
      self.matrix(
        role, layer: index, [rowCount, columnCount], standardDeviation: 1 / Float(columnCount).squareRoot())
    }
    func norm(_ name: String, _ count: Int) -> SyntheticTensor { self.norm("blk.\(index).\(name)", count) }
    return [
      norm("attn_norm", shape.hiddenSize),
      matrix(.query, shape.querySize, shape.hiddenSize),
      norm("attn_q_norm", shape.headDimension),
      matrix(.key, shape.keyValueSize, shape.hiddenSize),
      norm("attn_k_norm", shape.headDimension),
      matrix(.value, shape.keyValueSize, shape.hiddenSize),
      matrix(.attentionOutput, shape.hiddenSize, shape.querySize),
      norm("ffn_norm", shape.hiddenSize),
      matrix(.gate, shape.feedForwardSize, shape.hiddenSize),
      matrix(.up, shape.feedForwardSize, shape.hiddenSize),
      matrix(.down, shape.hiddenSize, shape.feedForwardSize),
    ]
  }

  private func matrix(
    _ role: WeightRole, layer: Int?, _ size: [Int], standardDeviation: Float
  ) -> SyntheticTensor {
    let place = WeightPlace(
      role: role, layer: layer ?? 0, layerCount: shape.layerCount,
      groupSize: shape.headCount / shape.keyValueHeadCount, columnCount: size[1])
    let wanted = isPure ? mix.mainFormat : mix.format(at: place)
    let format = wanted.fitting(columnCount: size[1])
    let prefix = layer.map { "blk.\($0)." } ?? ""
    return SyntheticTensor(
      name: "\(prefix)\(role.rawValue).weight", format: format, shape: size, mean: 0,
      standardDeviation: standardDeviation, isFallback: format != wanted)
  }

  private func norm(_ name: String, _ count: Int) -> SyntheticTensor {
    SyntheticTensor(
      name: "\(name).weight", format: .f32, shape: [count], mean: 1, standardDeviation: 0.25,
      isFallback: false)
  }
}
