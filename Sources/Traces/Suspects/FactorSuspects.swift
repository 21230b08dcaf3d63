/// A factor for each token, each component or each head: what norms do. The last resort, since so many free
/// factors explain much.
enum FactorSuspects: SuspectSearch {
  static func suspects(at site: PartingSite) throws(SafetensorsError) -> [Suspect] {
    let (a, b) = (site.a, site.b)
    var found: [Suspect] = []
    if a.rowCount > 1, a.columnCount >= 8 {
      let factors = (0..<a.rowCount).map { ScaleSuspects.factor(a.row($0), b.row($0)) ?? 0 }
      found.append(
        Suspect(
          .tokenScale,
          "each token of \(site.point) has a factor of its own, \(range(factors)): the statistic of a norm is another "
            + "(its epsilon, its mean), or a norm is left out",
          expected: a.map { row, _, value in factors[row] * Double(value) }, at: site))
    }
    if a.rowCount >= 3 {
      let factors = componentFactors(a, b)
      found.append(
        Suspect(
          .componentScale,
          "each component of \(site.point) has a factor of its own, the same for all tokens, \(range(factors)): the "
            + "weight of a norm is another (left out, 1 + weight, that of another norm)",
          expected: a.map { _, column, value in factors[column] * Double(value) }, at: site))
    }
    if let headDimension = site.headDimension, headDimension >= 8 {
      found.append(headScale(site, headDimension))
    }
    return found
  }

  private static func headScale(_ site: PartingSite, _ headDimension: Int) -> Suspect {
    let (a, b) = (site.a, site.b)
    let headCount = a.columnCount / headDimension
    let factors = (0..<a.rowCount * headCount).map { index in
      let range = index * headDimension..<(index + 1) * headDimension
      return ScaleSuspects.factor(a.values[range], b.values[range]) ?? 0
    }
    return Suspect(
      .tokenScale,
      "each head of each token of \(site.point) has a factor of its own, \(range(factors)): the norm runs over other "
        + "components than those of one head",
      expected: a.map { row, column, value in
        factors[row * headCount + column / headDimension] * Double(value)
      }, at: site)
  }

  private static func componentFactors(_ a: TraceMatrix, _ b: TraceMatrix) -> [Double] {
    (0..<a.columnCount).map { column in
      var product = 0.0
      var square = 0.0
      for row in 0..<a.rowCount {
        let value = Double(a.values[row * a.columnCount + column])
        product += value * Double(b.values[row * a.columnCount + column])
        square += value * value
      }
      return square > 0 ? product / square : 1
    }
  }

  private static func range(_ factors: [Double]) -> String {
    "from \(ScaleSuspects.text(factors.min() ?? 0)) to \(ScaleSuspects.text(factors.max() ?? 0))"
  }
}
