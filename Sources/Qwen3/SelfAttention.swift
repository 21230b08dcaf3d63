import Kernels

/// Grouped-query self-attention, causal or to the whole sequence. Every head of the queries and of the keys
/// is normalized before its rotation.
///
///     softmax(q kᵀ / √headDimension) v, then the output projection
struct SelfAttention {
  let layer: Int
  let weights: LayerWeights
  let epsilon: Float
  let headDimension: Int
  let isCausal: Bool
  let compute: Compute

  /// The addend of the residual stream, for the chunk's queries, into `w.update`. The keys and values of all
  /// its rows stay in `w.keysAndValues` for the chunks that follow; where attention is not causal, they are
  /// there already.
  ///
  /// - Parameter input: [chunk, hiddenSize]; its rows are gathered where the chunk is pruned.
  func callAsFunction(_ input: Activations, _ chunk: Chunk, _ w: Workspace, observe: Observer) {
    let queries = chunk.queries
    let projectsAll = isCausal && queries.selected == nil
    if projectsAll {
      compute.multiply(
        input, by: [weights.query, weights.key, weights.value], into: [w.query, w.key, w.value])
    } else if isCausal {
      compute.multiply(input, by: [weights.key, weights.value], into: [w.key, w.value])
    }
    if let selected = queries.selected {
      input.gather(selected, of: 0..<input.rowCount)
      input.resize(rowCount: selected.count)
    }
    if !projectsAll { compute.multiply(input, by: [weights.query], into: [w.query]) }
    observe(.query, w.query)
    normalizeAndRotate(w.query, weights.queryNorm, queries.positions, w, (.queryNorm, .queryRotated), observe)
    if isCausal { store(chunk, w, observe: observe) }

    compute.attend(
      w.query, runs: queries.runs, keysAndValues: w.keysAndValues,
      scale: 1 / Float(headDimension).squareRoot(), isCausal: isCausal,
      into: w.attended)
    observe(.attention, w.attended)
    compute.multiply(w.attended, by: [weights.attentionOutput], into: [w.update])
    observe(.attentionOutput, w.update)
  }

  /// The keys and values of all the chunk's rows, for attention that is not causal: every chunk's are needed
  /// before the first query.
  func storeKeysAndValues(_ input: Activations, _ chunk: Chunk, _ w: Workspace, observe: Observer) {
    compute.multiply(input, by: [weights.key, weights.value], into: [w.key, w.value])
    store(chunk, w, observe: observe)
  }

  /// Keeps the projections in `w.key` and `w.value`.
  private func store(_ chunk: Chunk, _ w: Workspace, observe: Observer) {
    observe(.key, w.key)
    observe(.value, w.value)
    normalizeAndRotate(w.key, weights.keyNorm, chunk.positions, w, (.keyNorm, .keyRotated), observe)
    compute.store(keys: w.key, values: w.value, runs: chunk.runs, in: w.keysAndValues)
    for prefix in chunk.prefixes { prefix.distribute(layer: layer, after: chunk, in: w.keysAndValues) }
  }

  private func normalizeAndRotate(
    _ heads: Activations, _ norm: [Float], _ positions: [Int], _ w: Workspace,
    _ names: (norm: Intermediate, rotated: Intermediate), _ observe: Observer
  ) {
    compute.normalizeHeads(heads, weight: norm, epsilon: epsilon)
    observe(names.norm, heads)
    compute.rotate(heads, positions: positions, table: w.rotary)
    observe(names.rotated, heads)
  }
}
