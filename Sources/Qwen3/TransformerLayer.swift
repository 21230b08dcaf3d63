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

  /// Takes the tokens of `chunk` through the layer, in place. Earlier chunks of the batch have gone before.
  func callAsFunction(_ chunk: Chunk, _ workspace: Workspace, observe: Observer) {
    let w = workspace
    compute.normalize(
      w.hidden, rows: chunk.rows, weight: weights.attentionNorm, epsilon: epsilon, into: w.normed)
    observe(.attentionNorm, w.normed)
    attention.project(w.normed, chunk, w, observe: observe)
    finish(w.hidden, rows: chunk.rows, runs: chunk.runs, w, observe: observe)
  }

  /// The same for the last layer, in which only the tokens that are pooled have to go on: of the others just the keys
  /// and values are needed. The states of the tokens `pooledRows` go to `workspace.pooled`.
  func callAsFunction(_ chunk: Chunk, pooledRows: [Int], runs: [SequenceRun], _ workspace: Workspace) {
    let w = workspace
    compute.normalize(
      w.hidden, rows: chunk.rows, weight: weights.attentionNorm, epsilon: epsilon, into: w.normed)
    attention.projectKeysAndValues(w.normed, chunk, w)
    w.pooled.resize(rowCount: pooledRows.count)
    w.pooledNormed.resize(rowCount: pooledRows.count)
    for (index, row) in pooledRows.enumerated() {
      w.pooled.copyRow(index, from: w.hidden, row: row)
      w.pooledNormed.copyRow(index, from: w.normed, row: row - chunk.rows.lowerBound)
    }
    guard !pooledRows.isEmpty else { return }
    attention.projectQueries(w.pooledNormed, positions: runs.map(\.firstPosition), w)
    finish(w.pooled, rows: 0..<pooledRows.count, runs: runs, w, observe: .none)
  }

  /// From the queries to the end of the layer, for the rows `rows` of `states`.
  private func finish(
    _ states: Activations, rows: Range<Int>, runs: [SequenceRun], _ w: Workspace, observe: Observer
  ) {
    attention.attend(runs: runs, w, observe: observe)
    compute.add(w.update, to: states, rows: rows)
    observe(.attentionResidual, states, rows: rows)

    compute.normalize(states, rows: rows, weight: weights.feedForwardNorm, epsilon: epsilon, into: w.normed)
    observe(.feedForwardNorm, w.normed)
    feedForward(w, observe: observe)
    compute.add(w.update, to: states, rows: rows)
    observe(.feedForwardResidual, states, rows: rows)
  }
}
