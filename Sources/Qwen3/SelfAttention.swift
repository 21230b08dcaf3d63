import Kernels

/// Causal grouped-query self-attention. Every head of the queries and of the keys is normalised before its rotation.
struct SelfAttention {
  let layer: Int
  let weights: LayerWeights
  let epsilon: Float
  let headDimension: Int
  let compute: Compute

  /// Queries into `w.query`, keys and values into `w.keysAndValues`.
  func project(_ input: Activations, _ chunk: Chunk, _ w: Workspace, observe: Observer) {
    compute.multiply(
      input, by: [weights.query, weights.key, weights.value],
      into: [w.query, w.key, w.value])
    observe(.query, w.query)
    observe(.key, w.key)
    observe(.value, w.value)
    prepareQueries(positions: chunk.positions, w, observe: observe)
    prepareKeys(chunk, w, observe: observe)
  }

  func projectKeysAndValues(_ input: Activations, _ chunk: Chunk, _ w: Workspace) {
    compute.multiply(
      input, by: [weights.key, weights.value], into: [w.key, w.value])
    prepareKeys(chunk, w, observe: .none)
  }

  func projectQueries(_ input: Activations, positions: [Int], _ w: Workspace) {
    compute.multiply(input, by: [weights.query], into: [w.query])
    prepareQueries(positions: positions, w, observe: .none)
  }

  /// What attention adds to the residual stream, into `w.update`.
  func attend(runs: [SequenceRun], _ w: Workspace, observe: Observer) {
    compute.attend(
      w.query, runs: runs, keysAndValues: w.keysAndValues, scale: 1 / Float(headDimension).squareRoot(),
      into: w.attended)
    observe(.attention, w.attended)
    compute.multiply(w.attended, by: [weights.attentionOutput], into: [w.update])
    observe(.attentionOutput, w.update)
  }

  private func prepareQueries(positions: [Int], _ w: Workspace, observe: Observer) {
    compute.normalizeHeads(w.query, weight: weights.queryNorm, epsilon: epsilon)
    observe(.queryNorm, w.query)
    compute.rotate(w.query, positions: positions, table: w.rotary)
    observe(.queryRotated, w.query)
  }

  private func prepareKeys(_ chunk: Chunk, _ w: Workspace, observe: Observer) {
    compute.normalizeHeads(w.key, weight: weights.keyNorm, epsilon: epsilon)
    observe(.keyNorm, w.key)
    compute.rotate(w.key, positions: chunk.positions, table: w.rotary)
    observe(.keyRotated, w.key)
    compute.store(keys: w.key, values: w.value, runs: chunk.runs, in: w.keysAndValues)
    for prefix in chunk.prefixes { prefix.distribute(layer: layer, after: chunk, in: w.keysAndValues) }
  }
}
