/// The names that llama.cpp's converter gives the tensors of a Qwen3 model.
enum TensorName {
  static let tokenEmbedding = "token_embd.weight"
  static let outputNorm = "output_norm.weight"

  static func layer(_ index: Int, _ name: String) -> String { "blk.\(index).\(name).weight" }
}
