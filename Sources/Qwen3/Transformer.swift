import GGUF
import Kernels

/// The model: token ids in, the states of the pooled tokens out.
///
///     x ← embedding[ids];  x ← layer(x) for each layer;  RMSNorm(x)
///
/// The whole batch goes through a layer before the next layer begins, so keys and values are kept for one layer only.
/// One forward pass at a time: the workspace belongs to the transformer.
public final class Transformer {
  public let configuration: ModelConfiguration
  private let weights: ModelWeights
  private let compute: Compute
  private let workspace: Workspace
  private let prefixCache: PrefixCache

  /// - Parameter prefixCacheByteLimit: the memory for beginnings that sequences share, kept from call to call.
  public convenience init(
    _ configuration: ModelConfiguration, _ weights: ModelWeights, compute: Compute,
    prefixCacheByteLimit: Int = PrefixCache.byteLimit
  ) {
    self.init(
      configuration, weights, compute: compute, prefixCache: PrefixCache(byteLimit: prefixCacheByteLimit))
  }

  private init(
    _ configuration: ModelConfiguration, _ weights: ModelWeights, compute: Compute, prefixCache: PrefixCache
  ) {
    self.configuration = configuration
    self.weights = weights
    self.compute = compute
    self.prefixCache = prefixCache
    workspace = Workspace(configuration)
  }

  /// Another transformer of the same weights, with a workspace of its own: for a pass while a pass of this one is
  /// paused. Threads, scratch memory and kept instructions are shared, so it may run in such a pause only.
  public func forPauses() -> Transformer {
    Transformer(configuration, weights, compute: compute, prefixCache: prefixCache)
  }

  private func layers(_ compute: Compute) -> [TransformerLayer] {
    weights.layers.enumerated().map { index, layer in
      TransformerLayer(
        weights: layer,
        attention: SelfAttention(
          layer: index, weights: layer, epsilon: configuration.normEpsilon,
          headDimension: configuration.headDimension,
          compute: compute),
        feedForward: FeedForward(weights: layer, compute: compute), epsilon: configuration.normEpsilon,
        compute: compute)
    }
  }

  /// The states of `sequences`; see the call below.
  ///
  /// With pooling `last`, an instruction that several sequences begin with is computed once, and kept for the next call:
  /// exactly, since causal attention gives its tokens the same keys and values whatever follows.
  public func states(
    of sequences: [TokenSequence], pooling: Pooling, activations: ActivationPrecision, chunkLength: Int,
    clock: StageClock? = nil, shouldContinue: () -> Bool = { true }
  ) -> [[Float]]? {
    let prefixes =
      pooling == .last ? SharedPrefix.find(in: sequences, activations: activations, cache: prefixCache) : []
    let states = states(
      of: Batch(sequences, prefixes: prefixes), pooling: pooling, activations: activations,
      chunkLength: chunkLength, clock: clock, shouldContinue: shouldContinue)
    guard let states else { return nil }
    for prefix in prefixes where prefix.source != nil { prefixCache.insert(prefix.layers, for: prefix.key) }
    return states
  }

  /// The states, after the final norm, of the tokens that `pooling` reads, in their order.
  ///
  /// - Parameters:
  ///   - chunkLength: how many tokens go through a layer at once. Memory grows with it; the result does not change.
  ///   - clock: where the time of each stage is noted.
  ///   - shouldContinue: asked before each layer, and before each chunk of it; the pass ends with nil when it says no. No
  ///     memory but the workspace is in use meanwhile.
  /// - Returns: [pooled tokens, hiddenSize], row after row.
  public func states(
    of batch: Batch, pooling: Pooling, activations: ActivationPrecision, chunkLength: Int,
    observer: IntermediateObserver? = nil, clock: StageClock? = nil,
    shouldContinue: () -> Bool = { true }
  ) -> [[Float]]? {
    let w = workspace
    let compute = compute.with(integerPrecision: activations.integers).with(clock: clock)
    let layers = layers(compute)
    let chunks = Chunk.chunks(of: batch, length: chunkLength)
    compute.lookUp(batch.tokenIDs, in: weights.tokenEmbedding, into: w.hidden)
    w.rotary.extend(to: batch.sequences.longest)
    w.keysAndValues.resize(for: batch.sequences)
    Observer(observer: observer, layer: nil, rows: 0..<batch.sequences.rowCount)(.embedding, w.hidden)

    let pooledRows = batch.pooledRows(pooling)
    let isPruned = observer == nil && pooledRows.count < batch.sequences.rowCount
    for (index, layer) in layers.enumerated().dropLast(isPruned ? 1 : 0) {
      distributeCachedPrefixes(of: batch, layer: index)
      for chunk in chunks {
        guard shouldContinue() else { return nil }
        layer(chunk, w, observe: Observer(observer: observer, layer: index, rows: chunk.rows))
      }
    }
    guard isPruned else {
      return finalNorm(w.hidden, pooledRows: pooledRows, compute: compute, observer: observer)
    }
    distributeCachedPrefixes(of: batch, layer: layers.count - 1)
    var states: [[Float]] = []
    for chunk in chunks {
      guard shouldContinue() else { return nil }
      let rows = pooledRows.filter(chunk.rows.contains)
      layers[layers.count - 1](chunk, pooledRows: rows, runs: batch.sequences.runs(ofRows: rows), w)
      states += finalNorm(w.pooled, pooledRows: Array(rows.indices), compute: compute, observer: nil)
    }
    return states
  }

  private func distributeCachedPrefixes(of batch: Batch, layer: Int) {
    for prefix in batch.prefixes {
      prefix.distribute(layer: layer, after: nil, in: workspace.keysAndValues)
    }
  }

  private func finalNorm(
    _ states: Activations, pooledRows: [Int], compute: Compute, observer: IntermediateObserver?
  ) -> [[Float]] {
    compute.normalize(
      states, rows: 0..<states.rowCount, weight: weights.outputNorm, epsilon: configuration.normEpsilon,
      into: workspace.normed)
    Observer(observer: observer, layer: nil, rows: 0..<states.rowCount)(.finalNorm, workspace.normed)
    return pooledRows.map(workspace.normed.row)
  }
}
