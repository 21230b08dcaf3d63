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
    let normalizing = compute.normalizing(
      w.hidden, rows: chunk.rows, weight: weights.attentionNorm, epsilon: epsilon, into: w.normed)
    attention.storeKeysAndValues(w.normed, after: [normalizing], chunk, w, observe: observe)
  }

  /// Takes the tokens of `chunk` through the layer, in place. Earlier chunks of the batch have gone before.
  ///
  /// The last layer of a pass is pruned: every token gives keys and values, and only the pooled ones go on.
  /// Their states are gathered at the start of the chunk.
  func callAsFunction(_ chunk: Chunk, _ w: Workspace, observe: Observer) {
    let x = w.hidden
    let rows = chunk.queries.rows
    let normalizing = compute.normalizing(
      x, rows: chunk.rows, weight: weights.attentionNorm, epsilon: epsilon, into: w.normed)
    attention(
      w.normed, after: [observe.after(normalizing, .attentionNorm, w.normed)], chunk, w, observe: observe)
    if let selected = chunk.queries.selected { x.gather(selected, of: chunk.rows) }

    let adding = compute.adding(w.update, to: x, rows: rows)
    let normalizingAgain = compute.normalizing(
      x, rows: rows, weight: weights.feedForwardNorm, epsilon: epsilon, into: w.normed)
    let steps = [
      observe.after(adding, .attentionResidual, x, rows: rows),
      observe.after(normalizingAgain, .feedForwardNorm, w.normed),
    ]
    feedForward(w.normed, after: steps, w, observe: observe)
    compute.add(w.update, to: x, rows: rows)
    observe(.feedForwardResidual, x, rows: rows)
  }
}
