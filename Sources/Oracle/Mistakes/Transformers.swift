extension Mistake {
  /// Inside of the forward pass.
  static let transformers: [Mistake] = [
    Mistake(
      id: "no-causal-mask", number: 6, aspect: .mask, title: "attention is not causal",
      explanation: "Every token sees the whole text, as in an encoder.",
      remedy: "apply the causal mask; embedding models made from decoders keep it",
      apply: { $0.transformer.isCausal = false }),
    Mistake(
      id: "head-dimension-scale", number: 9, aspect: .headDimension,
      title: "attention is scaled by 1/√(hidden / heads)",
      explanation: "The head dimension is its own number (attention.key_length), not hidden size / heads.",
      remedy: "scale by 1/√(attention.key_length)",
      apply: { $0.transformer.scaleFromHiddenSize = true }),
    Mistake(
      id: "head-dimension-rotation", number: 9, aspect: .headDimension,
      title: "only the first hidden / heads components of each head are rotated",
      explanation: "The head dimension is its own number (attention.key_length), not hidden size / heads.",
      remedy: "rotate all attention.key_length components of a head",
      apply: { $0.transformer.rotationFromHiddenSize = true }),
    Mistake(
      id: "head-dimension-scale-and-rotation", number: 9, aspect: .headDimension,
      title: "hidden / heads is taken as head dimension, for scale and rotation",
      explanation: "The head dimension is its own number (attention.key_length), not hidden size / heads.",
      remedy: "read attention.key_length (config.json: head_dim)",
      apply: {
        $0.transformer.scaleFromHiddenSize = true
        $0.transformer.rotationFromHiddenSize = true
      }),
    Mistake(
      id: "head-norm-missing", number: 10, aspect: .headNorm,
      title: "the norms of query and key heads are skipped",
      explanation: "Qwen3 normalizes every query and key head; Qwen2 did not.",
      remedy: "apply attn_q_norm and attn_k_norm to each head, before the rotation",
      apply: { $0.transformer.headNorm = .none }),
    Mistake(
      id: "head-norm-after-rotation", number: 10, aspect: .headNorm,
      title: "query and key heads are normalized after the rotation",
      explanation: "The norm's weights belong to components before they are turned.",
      remedy: "apply attn_q_norm and attn_k_norm first, then rotate",
      apply: { $0.transformer.headNorm = .afterRotation }),
    Mistake(
      id: "rotation-interleaved", number: 10, aspect: .pairs,
      title: "rotation turns the pairs (2i, 2i + 1) instead of (i, i + d/2)",
      explanation: "Both conventions exist; the weights are made for one.",
      remedy: "rotate halves (llama.cpp: NEOX type), or permute the weights when converting",
      apply: { $0.transformer.pairs = .interleaved }),
    Mistake(
      id: "rope-theta", number: 10, aspect: .theta, title: "the rotary base is 10000",
      explanation: "10000 is the default of many engines; this model has rope.freq_base 1000000.",
      remedy: "read rope.freq_base (config.json: rope_theta)", apply: { $0.transformer.theta = 10_000 }),
  ]
}
