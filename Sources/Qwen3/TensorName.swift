/// The names that llama.cpp's converter gives the tensors of a Qwen3 model.
enum TensorName {
  static let tokenEmbedding = "token_embd.weight"
  static let outputNorm = "output_norm.weight"
  /// [vocabularySize, hiddenSize]: of a model that predicts tokens, where it is not the embedding table.
  static let output = "output.weight"
  /// [labels, hiddenSize]: of a reranker.
  static let classifierOutput = "cls.output.weight"

  static func layer(_ index: Int, _ name: String) -> String { "blk.\(index).\(name).weight" }

  /// The number beside a matrix of a layer; see ``TensorReader``.
  static func factor(_ index: Int, _ name: String) -> String { "blk.\(index).\(name).scale" }
}
