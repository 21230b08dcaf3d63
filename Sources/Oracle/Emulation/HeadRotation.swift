import Foundation
import Kernels

/// Rotary position with any pairing, width and base, element by element.
///
/// Of each head of `headDimension` components the first `width` turn; the others stay. Angle `i` of position
/// `p` is `p / theta^(2i / width)`, rounded to float32 where transformers rounds.
struct HeadRotation {
  let headDimension: Int
  let width: Int
  let pairs: TransformerRule.RotationPairs
  private let inverseFrequencies: [Float]
  private let magnitude: Float

  init(
    headDimension: Int, width: Int, theta: Float, scaling: RotaryScaling, pairs: TransformerRule.RotationPairs
  ) {
    self.headDimension = headDimension
    self.width = width
    self.pairs = pairs
    if scaling != .none {
      (inverseFrequencies, magnitude) = scaling.frequencies(width: width, theta: theta)
      return
    }
    magnitude = 1
    inverseFrequencies = (0..<width / 2).map { index in
      1 / Float(pow(Double(theta), Double(Float(2 * index) / Float(width))))
    }
  }

  /// - Parameters:
  ///   - heads: [tokens, heads · headDimension], turned in place.
  ///   - positions: [tokens]
  func callAsFunction(_ heads: Activations, positions: [Int]) {
    precondition(heads.rowCount == positions.count && heads.columnCount % headDimension == 0)
    let half = width / 2
    for (row, position) in positions.enumerated() {
      let angles = inverseFrequencies.map { frequency in
        let angle = Double(Float(position) * frequency)
        return (sine: Float(sin(angle)) * magnitude, cosine: Float(cos(angle)) * magnitude)
      }
      for start in stride(from: row * heads.columnCount, to: (row + 1) * heads.columnCount, by: headDimension)
      {
        let head = heads.unsafeElements + start
        for (index, angle) in angles.enumerated() {
          let (first, second) = pairs == .halves ? (index, index + half) : (2 * index, 2 * index + 1)
          let (x, y) = (head[first], head[second])
          head[first] = (x * angle.cosine).addingProduct(y, -angle.sine)
          head[second] = (y * angle.cosine).addingProduct(x, angle.sine)
        }
      }
    }
  }
}
