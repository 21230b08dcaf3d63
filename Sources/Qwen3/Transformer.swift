import GGUF
import Kernels

/// The model: token ids in, the states of the pooled tokens out.
///
///     x ← embedding[ids];  x ← layer(x) for each layer;  RMSNorm(x)
///
/// The whole batch goes through a layer before the next layer begins, so keys and values are kept for one
/// layer only. One forward pass at a time: the workspace belongs to the transformer.
package final class Transformer {
  package let configuration: ModelConfiguration
  private let weights: ModelWeights
  private let compute: Compute
  private let workspace: Workspace
  private let prefixCache: PrefixCache
  private let massiveActivations: MassiveActivations

  /// - Parameter prefixCacheByteLimit: the memory for beginnings that sequences share, kept from call to
  ///   call.
  package convenience init(
    _ configuration: ModelConfiguration, _ weights: ModelWeights, compute: Compute,
    prefixCacheByteLimit: Int = PrefixCache.byteLimit
  ) {
    self.init(
      configuration, weights, compute: compute, prefixCache: PrefixCache(byteLimit: prefixCacheByteLimit),
      massiveActivations: MassiveActivations())
  }

  private init(
    _ configuration: ModelConfiguration, _ weights: ModelWeights, compute: Compute, prefixCache: PrefixCache,
    massiveActivations: MassiveActivations
  ) {
    self.configuration = configuration
    self.weights = weights
    self.compute = compute
    self.prefixCache = prefixCache
    self.massiveActivations = massiveActivations
    workspace = Workspace(configuration)
  }

  /// Another transformer of the same weights, with a workspace of its own: for a pass while a pass of this
  /// one is paused. Threads, scratch memory and kept instructions are shared, so it may run in such a pause
  /// only.
  package func forPauses() -> Transformer {
    Transformer(
      configuration, weights, compute: compute, prefixCache: prefixCache,
      massiveActivations: massiveActivations)
  }

  /// The states, after the final norm, of the tokens that the pass's pooling reads.
  ///
  /// With pooling `last`, an instruction that several sequences begin with is computed once, and kept for the
  /// next pass: exactly, since causal attention gives its tokens the same keys and values whatever follows. A
  /// model whose attention is not causal shares nothing.
  ///
  /// - Parameter shouldContinue: asked before each layer, and before each chunk of it; the pass ends with nil
  ///   when it says no. No memory but the workspace is in use meanwhile.
  /// - Returns: [pooled tokens, hiddenSize], sequence after sequence.
  package func run(_ pass: Pass, shouldContinue: () -> Bool = { true }) -> [[Float]]? {
    // Kernels look rows up without checks. Callers refuse such ids by name; this is the last line.
    precondition(
      pass.sequences.allSatisfy { $0.ids.allSatisfy { $0 >= 0 && $0 < configuration.vocabularySize } },
      "a token id has no row in the embedding table")
    let prefixes =
      configuration.isCausal && pass.pooling == .last && pass.observer == nil
      ? SharedPrefix.find(in: pass.sequences, activations: pass.activations, cache: prefixCache) : []
    let batch = Batch(pass.sequences, prefixes: prefixes)
    guard let states = states(of: batch, pass, shouldContinue: shouldContinue) else { return nil }
    for prefix in prefixes where prefix.source != nil { prefixCache.insert(prefix.layers, for: prefix.key) }
    return states
  }

  private func states(of batch: Batch, _ pass: Pass, shouldContinue: () -> Bool) -> [[Float]]? {
    // Below, nothing is checked. Callers have refused such ids with a sentence: this is the last line, not
    // the first.
    precondition(batch.tokenIDs.allSatisfy { $0 >= 0 && $0 < configuration.vocabularySize })
    let w = workspace
    let preciseLayerCount = preciseLayerCount(pass.activations)
    let compute = compute.with(integerPrecision: pass.activations.integers).with(clock: pass.clock)
    // Quantized weights never meet OpenBLAS where integers were asked for.
    let preciseCompute = compute.with(integerPrecision: pass.activations.higher.integers)
      .with(floatMultiplier: .touchstone)
    lookUp(batch, compute)
    Observer(pass.observer, layer: nil, rows: 0..<batch.sequences.rowCount)(.embedding, w.hidden)

    let pooledRows = batch.pooledRows(pass.pooling)
    let prunes = pass.observer == nil && pooledRows.count < batch.sequences.rowCount
    var chunks = Chunk.chunks(of: batch, length: pass.chunkLength)
    for (index, layerWeights) in weights.layers.enumerated() {
      pass.clock?.enter(layer: index)
      let layer = TransformerLayer(
        index, layerWeights, configuration, index < preciseLayerCount ? preciseCompute : compute)
      if prunes, index == weights.layers.count - 1 {
        chunks = chunks.map { $0.pruned(to: pooledRows, of: batch) }
      }
      for prefix in batch.prefixes { prefix.distribute(layer: index, after: nil, in: w.keysAndValues) }
      for chunk in configuration.isCausal ? [] : chunks {
        guard shouldContinue() else { return nil }
        layer.storeKeysAndValues(
          chunk, w, observe: Observer(pass.observer, layer: index, rows: chunk.rows))
      }
      for chunk in chunks {
        guard shouldContinue() else { return nil }
        layer(chunk, w, observe: Observer(pass.observer, layer: index, rows: chunk.rows))
      }
    }
    pass.clock?.enter(layer: nil)
    return chunks.flatMap { chunk in
      compute.normalize(
        w.hidden, rows: chunk.queries.rows, weight: weights.outputNorm, epsilon: configuration.normEpsilon,
        into: w.normed)
      Observer(pass.observer, layer: nil, rows: chunk.rows)(.finalNorm, w.normed)
      let pooled =
        prunes
        ? Array(0..<w.normed.rowCount)
        : pooledRows.filter(chunk.rows.contains).map { $0 - chunk.rows.lowerBound }
      return pooled.map(w.normed.row)
    }
  }

  /// Starts a pass: the embeddings of a batch, and room for its keys and values.
  private func lookUp(_ batch: Batch, _ compute: Compute) {
    compute.lookUp(batch.tokenIDs, in: weights.tokenEmbedding, into: workspace.hidden)
    workspace.rotary.extend(to: batch.sequences.longest)
    workspace.keysAndValues.resize(for: batch.sequences)
  }

  /// How many of the first layers are computed one precision higher, see ``MassiveActivations``.
  package func preciseLayerCount(_ activations: ActivationPrecision) -> Int {
    massiveActivations.preciseLayerCount(
      of: weights.layers.count, activations, search: findMassiveActivations)
  }

  /// Whether a token of a short pass has massive activations after one of the first `layerLimit` layers.
  private func findMassiveActivations(layerLimit: Int) -> Bool {
    let ids = MassiveActivations.tokens(vocabularySize: configuration.vocabularySize)
    let batch = Batch([TokenSequence(ids)], prefixes: [])
    let compute = compute.with(integerPrecision: .i16)
    let chunk = Chunk(rows: 0..<ids.count, of: batch)
    let observer = Observer(nil, layer: nil, rows: chunk.rows)
    lookUp(batch, compute)
    return weights.layers.prefix(layerLimit).indices.contains { index in
      let layer = TransformerLayer(index, weights.layers[index], configuration, compute)
      if !configuration.isCausal { layer.storeKeysAndValues(chunk, workspace, observe: observer) }
      layer(chunk, workspace, observe: observer)
      return chunk.rows.contains { MassiveActivations.isMassive(workspace.hidden.row($0)) }
    }
  }
}
