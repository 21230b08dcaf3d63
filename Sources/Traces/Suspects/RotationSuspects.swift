import ForeignText
import Qwen3

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Queries and keys rotated in another way than by half-split pairs, with the model's theta, from position 0.
enum RotationSuspects: SuspectSearch {
  static func suspects(at site: PartingSite) throws(SafetensorsError) -> [Suspect] {
    let before: Intermediate
    switch site.intermediate {
    case .queryRotated: before = .queryNorm
    case .keyRotated: before = .keyNorm
    default: return []
    }
    guard let dimension = site.headDimension, let shape = site.shape, let input = try site.reference(before),
      input.columnCount == site.a.columnCount
    else { return [] }
    let right = Rotation(theta: shape.ropeTheta)
    return variants(theta: shape.ropeTheta).filter { $0 != right || site.scaling != nil }.map { rotation in
      var words = rotation.words(unlike: right)
      if let scaling = site.scaling, rotation.factor == 1 {
        words.insert("it is not scaled, and in A it is (\(scaling.quoted(limit: 20)))", at: 0)
      }
      return Suspect(
        .rotation, "\(site.point) is rotated otherwise: \(words.joined(separator: "; "))",
        expected: rotation.applied(to: input, headDimension: dimension), at: site)
    }
  }

  /// One thing wrong, or the pairs and one more.
  private static func variants(theta: Float) -> [Rotation] {
    var variants: [Rotation] = []
    for isInterleaved in [false, true] {
      let base = Rotation(theta: theta, isInterleaved: isInterleaved)
      variants.append(base)
      for other: Float in [10_000, 100_000, 500_000, 1_000_000, 5_000_000] where other != theta {
        variants.append(Rotation(theta: other, isInterleaved: isInterleaved))
      }
      for offset in Array(-4...16) where offset != 0 {
        variants.append(Rotation(theta: theta, isInterleaved: isInterleaved, firstPosition: offset))
      }
      variants.append(Rotation(theta: theta, isInterleaved: isInterleaved, isBackwards: true))
      variants.append(Rotation(theta: theta, isInterleaved: isInterleaved, exponentStep: 1))
      for factor: Float in [2, 4, 8] {
        variants.append(Rotation(theta: theta, isInterleaved: isInterleaved, factor: factor))
      }
    }
    return variants
  }
}

/// Rotary position: pair i of position p is turned by `p / theta^(exponentStep · i / headDimension)`.
private struct Rotation: Equatable {
  var theta: Float
  /// Pairs (2i, 2i + 1) instead of (i, i + headDimension / 2).
  var isInterleaved = false
  var firstPosition = 0
  var isBackwards = false
  var exponentStep = 2
  /// Positions are divided by it.
  var factor: Float = 1

  func applied(to input: TraceMatrix, headDimension: Int) -> TraceMatrix {
    let half = headDimension / 2
    let frequencies = (0..<half).map { index in
      1 / Float(pow(Double(theta), Double(Float(exponentStep * index) / Float(headDimension)))) / factor
    }
    var result = input
    for row in 0..<input.rowCount {
      let angles = frequencies.map { Double(Float(row + firstPosition) * $0) * (isBackwards ? -1 : 1) }
      let turns = angles.map { (cosine: cos($0), sine: sin($0)) }
      for head in 0..<input.columnCount / headDimension {
        let start = row * input.columnCount + head * headDimension
        for index in 0..<half {
          let (first, second) =
            isInterleaved ? (start + 2 * index, start + 2 * index + 1) : (start + index, start + index + half)
          let (x, y) = (Double(input.values[first]), Double(input.values[second]))
          result.values[first] = Float(x * turns[index].cosine - y * turns[index].sine)
          result.values[second] = Float(x * turns[index].sine + y * turns[index].cosine)
        }
      }
    }
    return result
  }

  func words(unlike right: Rotation) -> [String] {
    var words: [String] = []
    if isInterleaved {
      words.append("interleaved pairs (2i, 2i + 1) instead of half-split ones (i, i + d/2)")
    }
    if theta != right.theta { words.append("theta is \(theta), and \(right.theta) in A") }
    if firstPosition == 1 { words.append("positions begin at 1 instead of 0") }
    if firstPosition != 0, firstPosition != 1 {
      words.append(
        "positions are \(abs(firstPosition)) \(firstPosition > 0 ? "larger" : "smaller"), as padding shifts them"
      )
    }
    if isBackwards { words.append("the angles have the other sign") }
    if exponentStep != 2 { words.append("the exponent of theta is i / d instead of 2i / d") }
    if factor != 1 { words.append("positions are divided by \(factor), as linear scaling does") }
    return words
  }
}
