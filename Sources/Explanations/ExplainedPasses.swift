import Qwen3
import Touchstone

/// Runs the passes that an explanation needs: a model by itself, or a service's queue in front of it.
package protocol ExplainedPasses: Sendable {
  var model: AnyModel { get }

  /// The pooled states of each sequence: a row, or a row a token with pooling `none`.
  ///
  /// - Parameter observer: sees every intermediate; then there is one sequence.
  func states(
    of sequences: [TokenSequence], pooling: Pooling, activations: ActivationPrecision,
    observer: IntermediateObserver?
  ) async throws -> [[[Float]]]
}

/// A model that nobody else uses. Blocks the calling thread.
package struct DirectPasses: ExplainedPasses {
  package let model: AnyModel
  private let progress: @Sendable (_ tokens: Int) -> Void

  /// - Parameter progress: called with the number of tokens of each pass that is done.
  package init(_ model: AnyModel, progress: @escaping @Sendable (_ tokens: Int) -> Void = { _ in }) {
    self.model = model
    self.progress = progress
  }

  package func states(
    of sequences: [TokenSequence], pooling: Pooling, activations: ActivationPrecision,
    observer: IntermediateObserver?
  ) async throws -> [[[Float]]] {
    let pass = Pass(
      sequences, pooling: pooling, activations: activations, chunkLength: EmbeddingOptions().batchTokens,
      observer: observer)
    guard let rows = model.loaded.run(pass, pause: { _ in !Task.isCancelled }) else {
      throw TouchstoneError.cancelled
    }
    progress(sequences.reduce(0) { $0 + $1.ids.count })
    var first = 0
    return sequences.map { sequence in
      let count = pooling.rowCount(tokenCount: sequence.ids.count)
      defer { first += count }
      return pooling.pooled(rows[first..<first + count])
    }
  }
}

extension ExplainedPasses {
  /// The states of complete token ids that begin as `base` does, the shared beginnings computed once. What is
  /// shared changes no bit.
  ///
  /// - Parameter base: the ids that the others were made from.
  func states(
    of variants: [[Int32]], sharing base: [Int32], pooling: Pooling, activations: ActivationPrecision
  ) async throws -> [[Float]] {
    var states: [[Float]] = []
    states.reserveCapacity(variants.count)
    for sequences in SharedBeginnings(variants, base).groups {
      let group = try await self.states(
        of: sequences, pooling: pooling, activations: activations, observer: nil)
      states += group.compactMap(\.first)
    }
    return states
  }
}

/// Variants of one text in groups of neighbors: each group computes the beginning that all of it shares once.
///
/// With n variants that part from the text one after another, groups of √n cost least: few beginnings are
/// computed, and little is computed twice behind them.
struct SharedBeginnings {
  /// In the order of the variants.
  let groups: [[TokenSequence]]

  init(_ variants: [[Int32]], _ base: [Int32]) {
    let size = max(1, Int(Double(variants.count).squareRoot().rounded()))
    groups = stride(from: 0, to: variants.count, by: size).map { start in
      let group = variants[start..<min(start + size, variants.count)]
      let shared = group.map { zip($0, base).prefix { $0 == $1 }.count }.min() ?? 0
      let instruction = Array(base.prefix(shared))
      return group.map { TokenSequence($0, instruction: instruction) }
    }
  }
}
