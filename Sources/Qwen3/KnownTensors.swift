import ForeignText
import GGUF

/// The that a Qwen3 file may have: those that the engine reads, and those that change no vector.
///
/// Anything else was trained to take part (biases, dense layers after pooling, a projector), and a model
/// without it gives vectors that look right and are not. So a file with such a tensor is refused, by name.
enum KnownTensors {
  private static let layerParts = [
    "attn_norm", "attn_q", "attn_k", "attn_v", "attn_q_norm", "attn_k_norm", "attn_output", "ffn_norm",
    "ffn_gate", "ffn_up", "ffn_down",
  ]

  /// Those that may have a factor beside them.
  private static let matrices = [
    "attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down",
  ]

  /// What a file may have beside its layers.
  private static let others = [
    TensorName.tokenEmbedding, TensorName.outputNorm,
    // Predicts the next token: a vector is made before it, and a reranker without a classifier reads two of
    // its rows.
    TensorName.output,
  ]

  /// The names of the file's tensors that are none of these, in file order.
  static func unknown(in file: GGUFFile, layerCount: Int) -> [String] {
    var known = Set((others + RerankerHead.classifierTensors).map { ByteString($0) })
    for layer in 0..<layerCount {
      for part in layerParts { known.insert(ByteString(TensorName.layer(layer, part))) }
      for part in matrices { known.insert(ByteString(TensorName.factor(layer, part))) }
    }
    return file.tensors.filter { !known.contains(ByteString($0.name)) && !isNeutral($0, in: file) }
      .map { $0.name }
  }

  /// Divisors of the rotation's frequencies that are all 1.
  private static func isNeutral(_ tensor: TensorInfo, in file: GGUFFile) -> Bool {
    guard tensor.name.hasBytes(of: "rope_freqs.weight"), tensor.type == .f32 else { return false }
    return file.withUnsafeBytes(of: tensor) { bytes in
      stride(from: 0, to: bytes.count, by: 4).allSatisfy {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)) == Float(1).bitPattern
      }
    }
  }
}
