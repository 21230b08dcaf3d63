import Kernels
import Qwen3

/// The forward pass with every decision of ``TransformerRule`` open: the model written once more, for short
/// texts.
///
/// It uses the engine's operations on whole matrices, and none of its control flow: no chunks, no shared
/// prefixes, no shortened last layer. Without a deviation its states are those of the engine in float32.
struct EmulatedTransformer {
  let configuration: ModelConfiguration
  let weights: ModelWeights
  let compute: Compute

  /// Token ids as they go through the model. Positions from `visibleCount` on are padding: they see the text,
  /// and nobody sees them.
  struct Sequence: Hashable {
    let ids: [Int32]
    let visibleCount: Int
  }

  /// Whether a rule can be told apart from the reference in this model at all.
  func canShow(_ rule: TransformerRule) -> Bool {
    if !rule.isCausal, !configuration.isCausal { return false }
    let width = configuration.hiddenSize / configuration.headCount
    if rule.scaleFromHiddenSize, width == configuration.headDimension { return false }
    if rule.rotationFromHiddenSize, width >= configuration.headDimension || width % 2 != 0 { return false }
    return rule.theta != configuration.ropeTheta
  }

  /// The states of all tokens, [tokens][hiddenSize] for each sequence.
  func states(
    of sequences: [Sequence], rule: TransformerRule, skipsFinalNorm: Bool = false
  ) -> [[[Float]]] {
    precondition(
      sequences.allSatisfy { $0.ids.allSatisfy { $0 >= 0 && $0 < configuration.vocabularySize } },
      "a token id has no row in the embedding table")
    let packed = PackedSequences(lengths: sequences.map(\.ids.count))
    let isCausal = configuration.isCausal && rule.isCausal
    let pass = EmulatedPass(self, rule, packed, runs: runs(sequences, packed, isCausal: isCausal))
    compute.lookUp(sequences.flatMap(\.ids), in: weights.tokenEmbedding, into: pass.hidden)
    rule.rounding(pass.hidden)
    for layer in weights.layers { pass.run(layer) }
    if !skipsFinalNorm {
      compute.normalize(
        pass.hidden, rows: 0..<packed.rowCount, weight: weights.outputNorm,
        epsilon: configuration.normEpsilon, into: pass.normed)
      rule.rounding(pass.normed)
    }
    let states = skipsFinalNorm ? pass.hidden : pass.normed
    return (0..<packed.count).map { packed.rows(of: $0).map(states.row) }
  }

  /// What each row sees: a run of one row that stands at position p sees the keys 0…p. So a row that is to
  /// see its whole text stands, for the attention alone, at the text's end.
  private func runs(
    _ sequences: [Sequence], _ packed: PackedSequences, isCausal: Bool
  ) -> [SequenceRun] {
    sequences.indices.flatMap { index in
      let last = sequences[index].visibleCount - 1
      return packed.rows(of: index).enumerated().map { position, row in
        SequenceRun(
          sequence: index, firstPosition: isCausal ? min(position, last) : last, count: 1, row: row)
      }
    }
  }
}

/// The activations of one emulated pass, and a layer over them.
private struct EmulatedPass {
  let configuration: ModelConfiguration
  let compute: Compute
  let rule: TransformerRule
  let runs: [SequenceRun]
  let positions: [Int]
  let rotation: HeadRotation
  let store: KeyValueStore
  let storedRuns: [SequenceRun]
  let hidden, normed, query, key, value, attended, gate, up, update: Activations

  init(
    _ model: EmulatedTransformer, _ rule: TransformerRule, _ packed: PackedSequences, runs: [SequenceRun]
  ) {
    let c = model.configuration
    configuration = c
    compute = model.compute
    self.rule = rule
    self.runs = runs
    positions = (0..<packed.count).flatMap { Array(0..<packed.positionCount(of: $0)) }
    rotation = HeadRotation(
      headDimension: c.headDimension,
      width: rule.rotationFromHiddenSize ? c.hiddenSize / c.headCount : c.headDimension,
      theta: rule.theta ?? c.ropeTheta, scaling: c.ropeScaling, pairs: rule.pairs)
    store = KeyValueStore(headCount: c.keyValueHeadCount, headDimension: c.headDimension)
    store.resize(for: packed)
    storedRuns = packed.runs(in: 0..<packed.rowCount)
    hidden = Activations(columnCount: c.hiddenSize)
    normed = Activations(columnCount: c.hiddenSize)
    query = Activations(columnCount: c.querySize)
    key = Activations(columnCount: c.keyValueSize)
    value = Activations(columnCount: c.keyValueSize)
    attended = Activations(columnCount: c.querySize)
    gate = Activations(columnCount: c.feedForwardSize)
    up = Activations(columnCount: c.feedForwardSize)
    update = Activations(columnCount: c.hiddenSize)
  }

  func run(_ layer: LayerWeights) {
    normalize(layer.attentionNorm)
    multiply(normed, [(layer.query, query), (layer.key, key), (layer.value, value)])
    turn(query, layer.queryNorm)
    turn(key, layer.keyNorm)
    compute.store(keys: key, values: value, runs: storedRuns, in: store)
    let width =
      rule.scaleFromHiddenSize
      ? configuration.hiddenSize / configuration.headCount : configuration.headDimension
    compute.attend(
      query, runs: runs, keysAndValues: store, scale: 1 / Float(width).squareRoot(), into: attended)
    rule.rounding(attended)
    multiply(attended, [(layer.attentionOutput, update)])
    addUpdate()

    normalize(layer.feedForwardNorm)
    multiply(normed, [(layer.gate, gate), (layer.up, up)])
    compute.activate(gate, with: up)
    rule.rounding(gate)
    multiply(gate, [(layer.down, update)])
    addUpdate()
  }

  private func normalize(_ weight: [Float]) {
    compute.normalize(
      hidden, rows: 0..<hidden.rowCount, weight: weight, epsilon: configuration.normEpsilon, into: normed)
    rule.rounding(normed)
  }

  private func multiply(_ input: Activations, _ products: [(WeightMatrix, Activations)]) {
    let matrices = products.map { RoundedMatrix($0.0, rule.rounding) }
    // Twice changes nothing: the largest element of a block is one of its steps.
    for (weight, _) in products { rule.rounding.quantize(input, for: weight.format) }
    withExtendedLifetime(matrices) {
      compute.multiply(input, by: matrices.map(\.matrix), into: products.map(\.1))
    }
    for (_, output) in products { rule.rounding(output) }
  }

  /// Norm and rotation of heads, in the order of the rule.
  private func turn(_ heads: Activations, _ norm: [Float]) {
    func normalizeHeads() {
      compute.normalizeHeads(heads, weight: norm, epsilon: configuration.normEpsilon)
      rule.rounding(heads)
    }
    if rule.headNorm == .beforeRotation { normalizeHeads() }
    rotation(heads, positions: positions)
    rule.rounding(heads)
    if rule.headNorm == .afterRotation { normalizeHeads() }
  }

  private func addUpdate() {
    compute.add(update, to: hidden, rows: 0..<hidden.rowCount)
    rule.rounding(hidden)
  }
}
