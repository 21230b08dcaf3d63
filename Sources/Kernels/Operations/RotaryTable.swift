/// Cosines and sines of every position's angles: [position, headDimension / 2] each.
///
/// Angle `i` of position `p` is `p · 1/theta^(2i/headDimension)`, with the exponent, the power, its inverse
/// and the product each rounded to float32, as transformers computes them; sine and cosine are of that
/// float32 angle, computed in float64 (``DoubleMath``) and rounded once. ``RotaryScaling`` changes the
/// frequencies, and may multiply cosines and sines.
///
/// Sendable: a table belongs to one workspace, and so to the thread that has the transformer's turn. That
/// thread extends it before the layers of a pass; workers read it in the jobs of the pass, which begin after
/// and end before the next.
package final class RotaryTable: @unchecked Sendable {
  package let half: Int
  package private(set) var positionCount = 0
  private let inverseFrequencies: [Float]
  /// On cosines and sines; 1 unless the scaling says otherwise.
  private let magnitude: Float
  private var cosines: [Float] = []
  private var sines: [Float] = []

  package init(headDimension: Int, theta: Float, scaling: RotaryScaling = .none) {
    half = headDimension / 2
    (inverseFrequencies, magnitude) = scaling.frequencies(width: headDimension, theta: theta)
  }

  /// Makes the table reach to `positionCount`. Not while another thread reads it.
  package func extend(to positionCount: Int) {
    guard positionCount > self.positionCount else { return }
    // In steps, so that a stream of ever longer texts does not extend the table for each.
    let target = max(positionCount, min(2 * self.positionCount, self.positionCount + 4096))
    cosines.reserveCapacity(target * half)
    sines.reserveCapacity(target * half)
    for position in self.positionCount..<target {
      for frequency in inverseFrequencies {
        let (sine, cosine) = DoubleMath.sineAndCosine(Double(Float(position) * frequency))
        cosines.append(Float(cosine) * magnitude)
        sines.append(Float(sine) * magnitude)
      }
    }
    self.positionCount = target
  }

  func withAngles<Result>(
    _ body: (_ cosines: UnsafePointer<Float>, _ sines: UnsafePointer<Float>) -> Result
  ) -> Result {
    cosines.withUnsafeBufferPointer { cosines in
      sines.withUnsafeBufferPointer { sines in
        body(cosines.baseAddress.unsafelyUnwrapped, sines.baseAddress.unsafelyUnwrapped)
      }
    }
  }
}
