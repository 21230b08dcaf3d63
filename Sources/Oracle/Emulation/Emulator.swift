import GGUF
import KernelSelection
import Kernels
import Qwen3
import Touchstone

/// Computes the vector, or with a reranker the score, of any probe under any ``Recipe``. States are kept,
/// since recipes share most of them.
///
/// For one thread.
package final class Emulator {
  package let configuration: ModelConfiguration
  package let path: String
  /// The ids of the tokens that end texts.
  let endOfText: Int32
  let endOfTurn: Int32?
  let tokenizer: EmulatedTokenizer
  let transformer: EmulatedTransformer
  /// nil: the file embeds.
  let rankHead: RerankerHeadWeights?
  /// The states that become the vector of this model.
  let trainedPooling: StatePooling.Position
  private let engine: Transformer
  private var cache: [StateKey: [[Float]]] = [:]
  private var cachedFloats = 0

  private struct StateKey: Hashable {
    let sequence: EmulatedTransformer.Sequence
    let rule: TransformerRule
    let skipsFinalNorm: Bool
  }

  /// Floats of states that are kept.
  private static let cacheLimit = 1 << 27

  /// - Parameters:
  ///   - threads: nil: as many as the process may use.
  ///   - multiplication: the arithmetic of the reference. nil: as the environment says.
  package init(
    path: String, threads: Int? = nil, multiplication: FloatMultiplication? = nil
  ) throws(OracleError) {
    self.path = path
    do {
      let file = try GGUFFile.open(path: path)
      configuration = try ModelConfiguration(file)
      trainedPooling = Self.trainedPooling(file, configuration, path: path)
      let weights = try ModelWeights(file, configuration)
      let compute = try LoadedModel.compute(threadCount: try computingThreadCount(threads), multiplication)
      let reference = try TextTokenizer(path: path)
      rankHead = try RerankerHead.isReranker(file) ? Self.head(file, configuration, reference) : nil
      tokenizer = EmulatedTokenizer(reference: reference, metadata: file.metadata)
      transformer = EmulatedTransformer(configuration: configuration, weights: weights, compute: compute)
      engine = Transformer(configuration, weights, compute: compute)
      guard let end = reference.token(spelled: "<|endoftext|>") else {
        throw OracleError.model("\(path): the vocabulary has no <|endoftext|>: it is no Qwen3-Embedding file")
      }
      endOfText = end
      endOfTurn = reference.token(spelled: "<|im_end|>")
    } catch let error as OracleError {
      throw error
    } catch {
      throw .model("\(error)")
    }
  }

  /// The vector before it is cut and normalized, [hiddenSize]; nil where a recipe leaves nothing to pool.
  ///
  /// Throws ``OracleError/cancelled`` when the task is: a search takes minutes, a state at most seconds.
  package func state(of probe: Probe, _ recipe: Recipe) throws(OracleError) -> [Float]? {
    guard !Task.isCancelled else { throw .cancelled }
    guard let sequence = try sequence(of: probe, recipe) else { return nil }
    let ids = sequence.ids.prefix(sequence.visibleCount)
    let states = states(of: sequence, recipe.transformer, recipe.pooling.isBeforeFinalNorm)
    switch recipe.pooling.position == .last ? trainedPooling : recipe.pooling.position {
    case .last, .lastToken: return states.last
    case .cls: return states.first
    case .mean:
      let sums = states.dropFirst().reduce(states[0].map(Double.init)) { sums, state in
        zip(sums, state).map { $0 + Double($1) }
      }
      return sums.map { Float($0 / Double(states.count)) }
    case .lastBeforeEnd:
      // A row of a mask that is all 0 has its sum − 1 = −1 as last index: the last state.
      return ids.lastIndex { $0 != endOfText }.map { states[$0] } ?? states.last
    }
  }

  /// The states that become the vector of this model. Only a causal file that calls itself Qwen3-Embedding is
  /// known to take the last token's: of a fine-tune, what its file says is what it was trained with.
  private static func trainedPooling(
    _ file: GGUFFile, _ configuration: ModelConfiguration, path: String
  ) -> StatePooling.Position {
    let name =
      (try? file.metadata.stringIfPresent("general.name")) ?? path.split(separator: "/").last.map(String.init)
    let letters = (name ?? "").prefix(256).lowercased().filter { $0.isLetter || $0.isNumber }
    guard !configuration.isCausal || !letters.contains("qwen3embedding") else { return .last }
    return switch configuration.pooling {
    case .mean: .mean
    case .cls: .cls
    case .last?, Pooling.none?, nil: .last
    }
  }

  private static func head(
    _ file: GGUFFile, _ configuration: ModelConfiguration, _ tokenizer: TextTokenizer
  ) throws -> RerankerHeadWeights {
    let head = try RerankerHead(file) { tokenizer.token(spelled: $0).map(Int.init) }
    return try RerankerHeadWeights(file, configuration, head)
  }

  /// What the file's answers are.
  package var measure: Measure { rankHead == nil ? .vectors : .scores }

  /// The direction that is compared: the first components where the probe asks for some. Of a pair, the score
  /// alone.
  package func vector(of probe: Probe, _ recipe: Recipe) throws(OracleError) -> [Float]? {
    let state = try state(of: probe, recipe)
    if case .pair = probe.content { return state.flatMap { score(of: $0, recipe) } }
    return probe.dimensions.map { dimensions in state.map { Array($0.prefix(dimensions)) } } ?? state
  }

  /// The tokens of a text, the end of text included.
  package func tokenCount(_ text: String) -> Int {
    tokenizer.reference.tokenIDs(of: text, endOfText: false).count + 1
  }

  /// The state of every token of a probe.
  func prefixStates(of probe: Probe, _ recipe: Recipe) throws(OracleError) -> [[Float]] {
    let ids = try ids(of: probe, recipe)
    guard !ids.isEmpty else { return [] }
    return states(
      of: EmulatedTransformer.Sequence(ids: ids, visibleCount: ids.count), recipe.transformer,
      recipe.pooling.isBeforeFinalNorm)
  }

  /// Computes the states of many short texts in few passes: weights are read, and rounded, once a pass, which
  /// is most of the work of a short one.
  func prepare(_ probes: [Probe], _ recipe: Recipe) throws(OracleError) {
    // The engine computes the reference.
    guard recipe.transformer != .reference || recipe.pooling.isBeforeFinalNorm else { return }
    var batch: [EmulatedTransformer.Sequence] = []
    var tokenCount = 0
    func run() throws(OracleError) {
      guard !Task.isCancelled else { throw .cancelled }
      let states = transformer.states(
        of: batch, rule: recipe.transformer, skipsFinalNorm: recipe.pooling.isBeforeFinalNorm)
      for (sequence, states) in zip(batch, states) { keep(states, key(sequence, recipe)) }
      batch = []
      tokenCount = 0
    }
    for probe in probes {
      guard let sequence = try sequence(of: probe, recipe), cache[key(sequence, recipe)] == nil,
        !batch.contains(sequence), sequence.ids.count <= Self.batchLimit
      else { continue }
      if tokenCount + sequence.ids.count > Self.batchLimit { try run() }
      batch.append(sequence)
      tokenCount += sequence.ids.count
    }
    if batch.count > 1 { try run() }
  }

  /// Tokens that go through the emulated model together: a longer text is computed when it is asked for.
  private static let batchLimit = 512

  private func key(_ sequence: EmulatedTransformer.Sequence, _ recipe: Recipe) -> StateKey {
    StateKey(sequence: sequence, rule: recipe.transformer, skipsFinalNorm: recipe.pooling.isBeforeFinalNorm)
  }

  /// What goes through the model; nil where a recipe leaves nothing.
  private func sequence(
    of probe: Probe, _ recipe: Recipe
  ) throws(OracleError) -> EmulatedTransformer.Sequence? {
    let ids = try ids(of: probe, recipe)
    guard !ids.isEmpty else { return nil }
    let padded = recipe.padding.map { max($0.length, ids.count) } ?? ids.count
    return EmulatedTransformer.Sequence(
      ids: ids + Array(repeating: endOfText, count: padded - ids.count), visibleCount: ids.count)
  }

  private func keep(_ states: [[Float]], _ key: StateKey) {
    cachedFloats += states.count * configuration.hiddenSize
    if cachedFloats > Self.cacheLimit {
      cache.removeAll()
      cachedFloats = states.count * configuration.hiddenSize
    }
    cache[key] = states
  }

  func states(
    of sequence: EmulatedTransformer.Sequence, _ rule: TransformerRule, _ skipsFinalNorm: Bool
  ) -> [[Float]] {
    let key = StateKey(sequence: sequence, rule: rule, skipsFinalNorm: skipsFinalNorm)
    if let known = cache[key] { return known }
    let isPlain =
      rule == .reference && !skipsFinalNorm && sequence.visibleCount == sequence.ids.count
    let states =
      isPlain
      ? engine.run(
        Pass([TokenSequence(sequence.ids)], pooling: .none, activations: .f32, chunkLength: 1024)) ?? []
      : transformer.states(of: [sequence], rule: rule, skipsFinalNorm: skipsFinalNorm)[0]
    keep(states, key)
    return states
  }
}
