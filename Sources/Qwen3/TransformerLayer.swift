import Kernels

/// One layer: attention and feed-forward, each behind a norm and added to the residual stream.
///
///     x ← x + Attention(RMSNorm(x))
///     x ← x + FeedForward(RMSNorm(x))
struct TransformerLayer {
  let weights: LayerWeights
  let attention: SelfAttention
  let feedForward: FeedForward
  let epsilon: Float
  let compute: Compute

  init(_ index: Int, _ weights: LayerWeights, _ configuration: ModelConfiguration, _ compute: Compute) {
    self.weights = weights
    epsilon = configuration.normEpsilon
    attention = SelfAttention(
      layer: index, weights: weights, epsilon: epsilon, headDimension: configuration.headDimension,
      isCausal: configuration.isCausal, compute: compute)
    feedForward = FeedForward(weights: weights, compute: compute)
    self.compute = compute
  }

  /// The first half of a layer whose attention is not causal: the keys and values of a chunk. All chunks go
  /// through it before the first goes through the layer.
  func storeKeysAndValues(_ chunk: Chunk, _ w: Workspace, observe: Observer) {
    compute.normalize(
      w.hidden, rows: chunk.rows, weight: weights.attentionNorm, epsilon: epsilon, into: w.normed)
    attention.storeKeysAndValues(w.normed, chunk, w, observe: observe)
  }

  /// Takes the tokens of `chunk` through the layer, in place. Earlier chunks of the batch have gone before.
  ///
  /// The last layer of a pass is pruned: every token gives keys and values, and only the pooled ones go on.
  /// Their states are gathered at the start of the chunk.
  func callAsFunction(_ chunk: Chunk, _ w: Workspace, observe: Observer) {
    let x = w.hidden
    let rows = chunk.queries.rows
    compute.normalize(x, rows: chunk.rows, weight: weights.attentionNorm, epsilon: epsilon, into: w.normed)
    observe(.attentionNorm, w.normed)
    attention(w.normed, chunk, w, observe: observe)
    if let selected = chunk.queries.selected { x.gather(selected, of: chunk.rows) }
    compute.add(w.update, to: x, rows: rows)
    observe(.attentionResidual, x, rows: rows)

    compute.normalize(x, rows: rows, weight: weights.feedForwardNorm, epsilon: epsilon, into: w.normed)
    observe(.feedForwardNorm, w.normed)
    feedForward(w.normed, w, observe: observe)
    compute.add(w.update, to: x, rows: rows)
    observe(.feedForwardResidual, x, rows: rows)
  }
}
