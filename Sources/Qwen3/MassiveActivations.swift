/// Whether a model has massive activations, and so how many of its first layers are computed one precision
/// higher.
///
/// Trained models have them: from an early layer on, a few columns of the residual stream carry hundreds
/// where the others carry ones. Feed-forward neurons with large weights write them, and every norm that
/// follows divides by them. So an error that is made before them weighs far more than one behind.
///
/// In such models the first layers are computed in the next precision. With ``ActivationPrecision/i8`` a
/// sixth of them, and two at least, has 16-bit integers, which costs a tenth of a pass; with
/// ``ActivationPrecision/i16`` the first has float32, which costs a fiftieth. attempts.md (52) has the
/// measurements.
///
/// A pass of eight tokens over the first half of the layers finds them, before the first pass with integers.
/// Its bits are the same on every processor, and so is the answer.
package final class MassiveActivations {
  private var exist: Bool?

  package init() {}

  /// How many of the first layers are computed one precision higher.
  ///
  /// - Parameter search: goes through that many layers, until one has massive activations.
  package func preciseLayerCount(
    of layerCount: Int, _ activations: ActivationPrecision, search: (_ layerLimit: Int) -> Bool
  ) -> Int {
    guard activations != .f32 else { return 0 }
    let exist = self.exist ?? search((layerCount + 1) / 2)
    self.exist = exist
    guard exist else { return 0 }
    return activations == .i8 ? min(max(2, (layerCount + 5) / 6), layerCount) : 1
  }

  /// Whether a token's residual stream has them: its largest magnitude is above 32 times the median. Normally
  /// distributed states have 4 to 7; the models of testdata that have massive activations, 95 to 300.
  package static func isMassive(_ state: [Float]) -> Bool {
    let magnitudes = state.map { $0.magnitude }.sorted()
    guard let largest = magnitudes.last, largest.isFinite else { return false }
    return largest > 32 * magnitudes[magnitudes.count / 2]
  }

  /// Tokens that are evenly spread over the vocabulary. In trained models the first token of any text has
  /// massive activations; in others, some tokens have.
  package static func tokens(vocabularySize: Int) -> [Int32] {
    (0..<8).map { Int32($0 * vocabularySize / 8) }
  }
}
