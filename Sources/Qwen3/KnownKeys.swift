import ForeignText
import GGUF

/// Every key of a file that could change what the model computes: read, or harmless as it stands, or refused
/// by name.
///
/// llama.cpp's keys are the same for all architectures (`gguf-py/gguf/constants.py`), so a file can ask for
/// much that Qwen3 does not have. What is under `qwen3.` and not listed here is handed back, to be named in a
/// warning.
enum KnownKeys {
  private static let prefix = ModelConfiguration.architecture + "."

  /// Read by ``ModelConfiguration``, ``RopeScaling`` or ``RerankerHead``.
  private static let read: Set<String> = [
    "block_count", "context_length", "embedding_length", "feed_forward_length", "attention.head_count",
    "attention.head_count_kv", "attention.key_length", "attention.value_length",
    "attention.layer_norm_rms_epsilon", "attention.causal", "rope.freq_base", "rope.scaling.type",
    "rope.scaling.factor", "rope.scaling.attn_factor", "rope.scaling.original_context_length",
    "rope.scaling.yarn_log_multiplier", "rope.scaling.yarn_ext_factor", "rope.scaling.yarn_attn_factor",
    "rope.scaling.yarn_beta_fast", "rope.scaling.yarn_beta_slow", "rope.scale_linear", "pooling_type",
    "classifier.output_labels",
  ]

  /// Says something about the file, and nothing of the computation.
  private static let harmless: Set<String> = [
    // Rows are those of the embedding table.
    "vocab_size",
    // How the scaling came about, not what it is.
    "rope.scaling.finetuned",
    // Which layers a sliding window is for; the window itself is checked.
    "attention.sliding_window_pattern", "rope.freq_base_swa",
    // Of a decoder that starts by itself.
    "decoder_start_token_id",
  ]

  /// Factors: 1 changes nothing.
  private static let factors = ["logit_scale", "residual_scale", "embedding_scale", "attention.output_scale"]

  /// Parts that Qwen3 does not have: 0, or false, says that the file has none either.
  private static let parts = [
    "expert_count", "expert_used_count", "expert_shared_count", "expert_group_count",
    "expert_group_used_count",
    "expert_weights_scale", "expert_weights_norm", "expert_gating_func", "expert_feed_forward_length",
    "expert_shared_feed_forward_length", "leading_dense_block_count", "interleave_moe_layer_step",
    "moe_every_n_layers", "nextn_predict_layers", "n_deepstack_layers", "attention.clamp_kqv",
    "attention.max_alibi_bias", "attn_logit_softcapping", "final_logit_softcapping",
    "router_logit_softcapping", "attention.temperature_length", "attention.temperature_scale",
    "use_parallel_residual", "swin_norm", "attention.shared_kv_layers", "attention.q_lora_rank",
    "attention.kv_lora_rank", "attention.relative_buckets_count", "embedding_length_per_layer_input",
    "dense_2_feat_in", "dense_2_feat_out", "dense_3_feat_in", "dense_3_feat_out", "rope.dimension_sections",
    "attention.group_norm_groups", "token_shift_count", "rescale_every_n_layers", "shortconv.l_cache",
    "ssm.conv_kernel", "ssm.inner_size", "ssm.state_size", "ssm.time_step_rank", "tensor_data_layout",
  ]

  /// Refuses what this engine would compute otherwise than the file says.
  ///
  /// - Returns: the keys under `qwen3.` that nobody here knows, in file order.
  static func check(
    _ metadata: Metadata, headDimension: Int, hiddenSize: Int, contextLength: Int
  ) throws(ModelError) -> [String] {
    func require(
      _ suffix: String, _ needed: String, _ isNeutral: (Double) -> Bool
    ) throws(ModelError) {
      guard let value = metadata[prefix + suffix] else { return }
      let numbers = value.numbers
      guard let numbers, numbers.allSatisfy(isNeutral) else {
        throw .value(key: prefix + suffix, found: value.shortText, needed: needed)
      }
    }
    for suffix in factors { try require(suffix, "1: this engine has no such factor") { $0 == 1 } }
    for suffix in parts { try require(suffix, "0: Qwen3 has no such part") { $0 == 0 } }
    try require("rope.dimension_count", "the head dimension, \(headDimension)") {
      $0 == Double(headDimension)
    }
    try require("embedding_length_out", "the embedding length, \(hiddenSize)") { $0 == Double(hiddenSize) }
    try require(
      "attention.sliding_window",
      "0, or at least the context length, \(contextLength): every token of a text is attended to"
    ) { $0 == 0 || $0 >= Double(contextLength) }
    let scale = 1 / Double(headDimension).squareRoot()
    try require("attention.scale", "0, or 1/√\(headDimension) = \(Float(scale))") {
      $0 == 0 || abs($0 - scale) <= 1e-6 * scale
    }
    return unknown(in: metadata)
  }

  private static func unknown(in metadata: Metadata) -> [String] {
    let checked = [
      "rope.dimension_count", "embedding_length_out", "attention.sliding_window", "attention.scale",
    ]
    let known = Set(
      (read.union(harmless).union(factors).union(parts).union(checked)).map { ByteString(prefix + $0) })
    return metadata.entries.map { $0.key }.filter {
      $0.utf8.starts(with: prefix.utf8) && !known.contains(ByteString($0))
    }
  }
}

extension MetadataValue {
  /// A number, or those of an array: a value for each layer. A bool counts as 0 or 1; nil for text.
  fileprivate var numbers: [Double]? {
    switch self {
    case .uint8(let value): [Double(value)]
    case .int8(let value): [Double(value)]
    case .uint16(let value): [Double(value)]
    case .int16(let value): [Double(value)]
    case .uint32(let value): [Double(value)]
    case .int32(let value): [Double(value)]
    case .uint64(let value): [Double(value)]
    case .int64(let value): [Double(value)]
    case .float32(let value): [Double(value)]
    case .float64(let value): [value]
    case .bool(let value): [value ? 1 : 0]
    case .string: nil
    case .array(let array):
      if let integers = try? array.integers(as: Int64.self) {
        integers.map(Double.init)
      } else if let floats = try? array.floats() {
        floats.map(Double.init)
      } else {
        (try? array.bools())?.map { $0 ? 1 : 0 }
      }
    }
  }

  /// The value in an error's sentence.
  fileprivate var shortText: String {
    switch self {
    case .string(let text): text.quoted
    case .array(let array): "an array of \(array.count) values"
    case .float32(let value): "\(value)"
    case .bool(let value): "\(value)"
    default: numbers.map { $0.count == 1 ? "\($0[0])".replacingZeroFraction : "" } ?? ""
    }
  }
}

extension String {
  /// `4096.0` as `4096`.
  fileprivate var replacingZeroFraction: String { hasSuffix(".0") ? String(dropLast(2)) : self }
}
