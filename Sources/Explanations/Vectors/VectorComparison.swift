import Qwen3
import Synchronization
import Touchstone

/// One way to have a vector, compared with the best one.
package struct VectorComparison: Sendable, Equatable {
  /// `128 dimensions`, `i8`.
  package let name: String
  /// 1 − the cosine to the best vector.
  package let distance: Double
  /// The share of pairs of the built-in corpus that are in the same order.
  package let agreement: Double
  /// How many of the nearest five texts are the same.
  package let commonNearest: Int
  /// The largest change of a cosine to a text of the corpus.
  package let largestChange: Double
}

/// What dimensions, precision and the weights' format do to one vector.
package struct VectorView: Sendable, Equatable {
  package let dimensions: Int
  /// Matryoshka: the first 32, 64, … components against all of them.
  package let widths: [VectorComparison]
  /// i8, i16 and f32 activations against f32.
  package let precisions: [VectorComparison]
  /// This file against another one with other weights: both with f32 activations, then as asked.
  package let files: [VectorComparison]
  /// The texts of the corpus by their nearness.
  package let nearest: [(text: String, cosine: Double)]

  package static func == (a: VectorView, b: VectorView) -> Bool {
    a.dimensions == b.dimensions && a.widths == b.widths && a.precisions == b.precisions
      && a.files == b.files && a.nearest.elementsEqual(b.nearest, by: ==)
  }
}

/// The states of the built-in corpus, kept from one explanation to the next.
package final class CorpusStates: Sendable {
  private struct Key: Hashable {
    let model: ObjectIdentifier
    let pooling: Pooling
    let activations: ActivationPrecision
  }

  private let known = Mutex<[Key: [[Float]]]>([:])

  package init() {}

  func vectors(
    _ passes: any ExplainedPasses, _ model: EmbeddingModel, _ plan: EmbeddingPlan,
    _ activations: ActivationPrecision
  ) async throws -> [[Float]] {
    let key = Key(model: ObjectIdentifier(model), pooling: plan.pooling, activations: activations)
    if let vectors = known.withLock({ $0[key] }) { return vectors }
    let states = try await passes.states(
      of: BuiltInCorpus.texts.map { TokenSequence(model.tokenizer.tokenIDs(of: $0)) },
      pooling: plan.pooling, activations: activations, observer: nil)
    let vectors = states.compactMap(\.first).map(plan.vector(of:))
    known.withLock { $0[key] = vectors }
    return vectors
  }
}

/// Computes a ``VectorView``.
struct VectorComparer {
  let passes: any ExplainedPasses
  let model: EmbeddingModel
  let plan: EmbeddingPlan
  let corpus: CorpusStates

  func view(
    of ids: [Int32], _ activations: ActivationPrecision, against other: (any ExplainedPasses)?
  ) async throws -> VectorView {
    var vectors: [ActivationPrecision: ([Float], [[Float]])] = [:]
    for precision in ActivationPrecision.allCases {
      vectors[precision] = try await Self.vectors(of: ids, passes, model, plan, precision, corpus)
    }
    guard let (own, texts) = vectors[activations], let exact = vectors[.f32] else {
      preconditionFailure("every precision has its vectors")
    }
    let whole = Ranking(of: own, among: texts, dimensions: own.count)
    let widths = Self.widths(upTo: own.count).map { width in
      Self.comparison(
        "\(width)", cosine: norm(own.prefix(width)) / norm(own),
        Ranking(of: own, among: texts, dimensions: width), whole)
    }
    let precisions = [ActivationPrecision.i8, .i16, .f32].compactMap { precision in
      vectors[precision].map { Self.comparison(precision.rawValue, $0, exact) }
    }
    return VectorView(
      dimensions: own.count, widths: widths, precisions: precisions,
      files: try await files(ids, activations, vectors, other),
      nearest: whole.nearest(5).map { (BuiltInCorpus.texts[$0], whole.cosines[$0]) })
  }

  /// Against the other file with f32 activations, which is nearest to what was trained.
  private func files(
    _ ids: [Int32], _ activations: ActivationPrecision,
    _ vectors: [ActivationPrecision: ([Float], [[Float]])], _ other: (any ExplainedPasses)?
  ) async throws -> [VectorComparison] {
    guard let other, case .embedding(let reference) = other.model else { return [] }
    let truth = try await Self.vectors(of: ids, other, reference, plan, .f32, CorpusStates())
    let wanted: [ActivationPrecision] = activations == .f32 ? [.f32] : [.f32, activations]
    return wanted.compactMap { precision in
      vectors[precision].map { Self.comparison(precision.rawValue, $0, truth) }
    }
  }

  private static func vectors(
    of ids: [Int32], _ passes: any ExplainedPasses, _ model: EmbeddingModel, _ plan: EmbeddingPlan,
    _ activations: ActivationPrecision, _ corpus: CorpusStates
  ) async throws -> ([Float], [[Float]]) {
    let states = try await passes.states(
      of: [TokenSequence(ids)], pooling: plan.pooling, activations: activations, observer: nil)
    guard let state = states.first?.first, state.allSatisfy(\.isFinite) else {
      throw TouchstoneError.notFinite(index: 0)
    }
    return (
      plan.vector(of: state), try await corpus.vectors(passes, model, plan, activations)
    )
  }

  /// 32, 64, … and all.
  static func widths(upTo dimensions: Int) -> [Int] {
    var widths: [Int] = []
    var width = 32
    while width < dimensions {
      widths.append(width)
      width *= 2
    }
    return widths + [dimensions]
  }

  private static func comparison(
    _ name: String, _ one: ([Float], [[Float]]), _ other: ([Float], [[Float]])
  ) -> VectorComparison {
    let rankings = [one, other].map { Ranking(of: $0.0, among: $0.1, dimensions: $0.0.count) }
    return VectorComparison(
      name: name, distance: cosineDistance(one.0, other.0),
      agreement: rankings[0].agreement(with: rankings[1]),
      commonNearest: rankings[0].commonNearest(with: rankings[1]),
      largestChange: rankings[0].largestDifference(from: rankings[1]))
  }

  private static func comparison(
    _ name: String, cosine: Double, _ one: Ranking, _ other: Ranking
  ) -> VectorComparison {
    VectorComparison(
      name: name, distance: 1 - cosine, agreement: one.agreement(with: other),
      commonNearest: one.commonNearest(with: other), largestChange: one.largestDifference(from: other))
  }
}
