import ForeignText
import GGUF
import Kernels

extension RotaryScaling {
  /// Reads the `qwen3.rope.scaling.*` keys, with llama.cpp's defaults.
  ///
  /// - Throws: ``ModelError/value(key:found:needed:)`` for a kind that is not known, or a number out of
  ///   range.
  init(_ metadata: ModelMetadata, contextLength: Int, theta: Float) throws(ModelError) {
    let prefix = "qwen3.rope.scaling."
    func positive(_ key: String, _ standard: Float? = nil) throws(ModelError) -> Float {
      guard let value = try metadata.floatIfPresent(key) ?? standard else {
        throw ModelError.value(
          key: key, found: "missing", needed: "there: it says by how much the context is longer")
      }
      guard value.isFinite, value > 0, value >= Float.leastNormalMagnitude else {
        throw ModelError.value(key: key, found: "\(value)", needed: "a positive number")
      }
      return value
    }
    let factorKey = metadata[prefix + "factor"] == nil ? "qwen3.rope.scale_linear" : prefix + "factor"
    let hasFactor = metadata[factorKey] != nil
    let kind = try metadata.stringIfPresent(prefix + "type")
    if kind == nil, !hasFactor {
      self = .none
    } else if let kind, kind.hasBytes(of: "none") {
      self = .none
    } else if kind?.hasBytes(of: "linear") ?? true {
      let factor = try positive(hasFactor ? factorKey : prefix + "factor")
      self = factor == 1 ? .none : .linear(factor: factor)
    } else if let kind, kind.hasBytes(of: "yarn") {
      let key = prefix + "original_context_length"
      let original = try metadata.unsignedIntegerIfPresent(key) ?? contextLength
      guard original > 0, original <= 1 << 24 else {
        throw ModelError.value(key: key, found: "\(original)", needed: "from 1 to \(1 << 24)")
      }
      guard theta > 1 else {
        throw ModelError.value(key: "qwen3.rope.freq_base", found: "\(theta)", needed: "above 1 for YaRN")
      }
      var yarn = YarnScaling(
        factor: try positive(hasFactor ? factorKey : prefix + "factor"), originalContextLength: original)
      yarn.attentionFactor = try positive(prefix + "attn_factor", 1)
      yarn.betaFast = try positive(prefix + "yarn_beta_fast", yarn.betaFast)
      yarn.betaSlow = try positive(prefix + "yarn_beta_slow", yarn.betaSlow)
      yarn.extrapolation = try Self.share(metadata, prefix + "yarn_ext_factor")
      try Self.checkAttentionFactor(metadata, prefix + "yarn_attn_factor")
      // The converter writes a tenth of what transformers calls mscale_all_dim.
      if let multiplier = try metadata.floatIfPresent(prefix + "yarn_log_multiplier"), multiplier != 0 {
        yarn.logMultiplier = try positive(prefix + "yarn_log_multiplier") / 0.1
      }
      self = .yarn(yarn)
    } else {
      throw ModelError.value(
        key: prefix + "type", found: (kind ?? "").quoted, needed: "'none', 'linear' or 'yarn'")
    }
  }

  /// A negative number is llama.cpp's word for "not set".
  private static func share(_ metadata: ModelMetadata, _ key: String) throws(ModelError) -> Float {
    guard let value = try metadata.floatIfPresent(key), !(value < 0) else { return 1 }
    guard value <= 1 else { throw ModelError.value(key: key, found: "\(value)", needed: "from 0 to 1") }
    return value
  }

  /// llama.cpp computes it anew and leaves the file's aside.
  private static func checkAttentionFactor(_ metadata: ModelMetadata, _ key: String) throws(ModelError) {
    guard let value = try metadata.floatIfPresent(key), value != 1, !(value < 0) else { return }
    throw ModelError.value(key: key, found: "\(value)", needed: "1: attn_factor is the key that counts")
  }
}
