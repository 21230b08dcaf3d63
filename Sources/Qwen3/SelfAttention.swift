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
  /// - Parameters:
  ///   - input: [chunk, hiddenSize]; its rows are gathered where the chunk is pruned.
  ///   - steps: they make `input`.
  func callAsFunction(
    _ input: Activations, after steps: [RowStep], _ chunk: Chunk, _ w: Workspace, observe: Observer
  ) {
    let queries = chunk.queries
    if let selected = queries.selected {
      if isCausal {
        compute.multiply(input, by: [weights.key, weights.value], into: [w.key, w.value], after: steps)
        store(chunk, w, observe: observe)
      } else {
        compute.run(steps)
      }
      input.gather(selected, of: 0..<input.rowCount)
      input.resize(rowCount: selected.count)
      compute.multiply(input, by: [weights.query], into: [w.query])
      compute.run(querySteps(queries, w, observe: observe))
    } else if isCausal {
      compute.multiply(
        input, by: [weights.query, weights.key, weights.value], into: [w.query, w.key, w.value], after: steps)
      store(chunk, w, with: querySteps(queries, w, observe: observe), observe: observe)
    } else {
      compute.multiply(input, by: [weights.query], into: [w.query], after: steps)
      compute.run(querySteps(queries, w, observe: observe))
    }

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
  func storeKeysAndValues(
    _ input: Activations, after steps: [RowStep], _ chunk: Chunk, _ w: Workspace, observe: Observer
  ) {
    compute.multiply(input, by: [weights.key, weights.value], into: [w.key, w.value], after: steps)
    store(chunk, w, observe: observe)
  }

  /// Keeps the projections in `w.key` and `w.value`.
  ///
  /// - Parameter steps: of as many rows, in the same jobs.
  private func store(_ chunk: Chunk, _ w: Workspace, with steps: [RowStep] = [], observe: Observer) {
    observe(.key, w.key)
    observe(.value, w.value)
    let keySteps = normalizingAndRotating(
      w.key, weights.keyNorm, chunk.positions, w, (.keyNorm, .keyRotated), observe)
    let storing = compute.storing(keys: w.key, values: w.value, runs: chunk.runs, in: w.keysAndValues)
    compute.run(steps + keySteps + [storing])
    for prefix in chunk.prefixes { prefix.distribute(layer: layer, after: chunk, in: w.keysAndValues) }
  }

  private func querySteps(_ queries: Chunk.Queries, _ w: Workspace, observe: Observer) -> [RowStep] {
    observe(.query, w.query)
    return normalizingAndRotating(
      w.query, weights.queryNorm, queries.positions, w, (.queryNorm, .queryRotated), observe)
  }

  private func normalizingAndRotating(
    _ heads: Activations, _ norm: [Float], _ positions: [Int], _ w: Workspace,
    _ names: (norm: Intermediate, rotated: Intermediate), _ observe: Observer
  ) -> [RowStep] {
    let normalizing = compute.normalizingHeads(heads, weight: norm, epsilon: epsilon)
    let rotating = compute.rotating(heads, positions: positions, table: w.rotary)
    return [
      observe.after(normalizing, names.norm, heads), observe.after(rotating, names.rotated, heads),
    ]
  }
}
