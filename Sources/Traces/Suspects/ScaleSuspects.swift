/// One factor for all numbers: nothing (zeros), a turned sign, a scale applied twice or not at all.
enum ScaleSuspects: SuspectSearch {
  static func suspects(at site: PartingSite) throws(SafetensorsError) -> [Suspect] {
    if site.b.values.allSatisfy({ $0 == 0 }) {
      return [
        Suspect(
          .zeros, "\(site.point) is all zeros in B: it was not computed, or not copied", residual: 0, at: site
        )
      ]
    }
    guard let factor = factor(site.a.values[...], site.b.values[...]) else { return [] }
    let scaled = site.a.map { _, _, value in factor * Double(value) }
    let isSign = abs(factor + 1) <= max(1e-6, site.tolerance)
    let sentence =
      isSign
      ? "\(site.point) has the sign turned: B is −1 times A"
      : "\(site.point) is scaled: B is \(text(factor)) times A\(meaning(of: factor, site))"
    return [Suspect(isSign ? .sign : .scale, sentence, expected: scaled, at: site)]
  }

  /// The factor that brings `a` nearest to `b`; nil where there is none, or it is 0.
  static func factor(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double? {
    var product = 0.0
    var square = 0.0
    for (x, y) in zip(a, b) {
      product += Double(x) * Double(y)
      square += Double(x) * Double(x)
    }
    let factor = product / square
    return factor.isFinite && factor != 0 ? factor : nil
  }

  static func text(_ factor: Double) -> String {
    let rounded = (factor * 1e4).rounded() / 1e4
    return abs(factor) >= 1e-2 && abs(factor) < 1e6 ? "\(rounded)" : Scientific.text(factor)
  }

  /// What such a factor often is.
  private static func meaning(of factor: Double, _ site: PartingSite) -> String {
    if site.point.name == .vector {
      return ", so its length is not that of A: it is not normalized, or before the cut"
    }
    var known: [(Double, String)] = [(2, "2"), (0.5, "1/2")]
    if let shape = site.shape {
      let (head, hidden) = (Double(shape.headDimension).squareRoot(), Double(shape.hiddenSize).squareRoot())
      known += [
        (1 / head, "1/√headDimension, the scale of attention"),
        (head, "√headDimension, the scale of attention"),
        (1 / hidden, "1/√hiddenSize"), (hidden, "√hiddenSize, as some models scale their embeddings"),
      ]
    }
    let match = known.first { abs(abs(factor) / $0.0 - 1) < max(1e-4, site.tolerance) }
    return match.map { ", which is \(factor < 0 ? "−" : "")\($0.1)" } ?? ""
  }
}
