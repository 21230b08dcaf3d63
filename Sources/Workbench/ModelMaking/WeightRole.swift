import Touchstone

/// The matrices of a model by what they do: mixes give some of them more bits than others.
enum WeightRole: String, CaseIterable, Sendable {
  case tokenEmbedding = "token_embd"
  case query = "attn_q"
  case key = "attn_k"
  case value = "attn_v"
  case attentionOutput = "attn_output"
  case gate = "ffn_gate"
  case up = "ffn_up"
  case down = "ffn_down"
}

/// Where in a model a matrix is.
struct WeightPlace: Sendable {
  let role: WeightRole
  /// 0 for the embedding table.
  let layer: Int
  let layerCount: Int
  /// Query heads that share a key-value head.
  let groupSize: Int
  /// The length of a row.
  let columnCount: Int

  /// In the first eighth of the layers.
  var isEarly: Bool { layer < layerCount / 8 }

  /// Neither in the first nor in the last eighth.
  var isInTheMiddle: Bool { !isEarly && layer < 7 * layerCount / 8 }

  /// Whether the `_M` mixes spend more on this layer: the first and the last eighth, and every third between
  /// them.
  var getsMoreBits: Bool {
    isEarly || layer >= 7 * layerCount / 8 || (layer - layerCount / 8) % 3 == 2
  }
}
