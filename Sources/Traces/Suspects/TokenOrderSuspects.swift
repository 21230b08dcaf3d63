/// The same rows at other positions: shifted, reversed, or in any other order.
enum TokenOrderSuspects: SuspectSearch {
  static func suspects(at site: PartingSite) throws(SafetensorsError) -> [Suspect] {
    guard site.a.rowCount >= 2 else { return [] }
    var found: [Suspect] = []
    for shift in [1, -1, 2, -2, 3, -3] where abs(shift) < site.a.rowCount {
      let common = site.a.rowCount - abs(shift)
      let (first, second) = (max(shift, 0), max(-shift, 0))
      let residual = site.a.rows(Array(first..<first + common)).distance(
        to: site.b.rows(Array(second..<second + common)))
      let direction = shift > 0 ? "A's next" : "A's previous"
      let name = abs(shift) == 1 ? direction : "\(direction) but \(abs(shift) - 1)"
      found.append(
        Suspect(
          .tokenOrder,
          "the tokens of \(site.point) are shifted by \(abs(shift)): where A has a token, B has \(name)",
          residual: residual, at: site))
    }
    if site.isWhole {
      let last = site.a.rowCount - 1
      found.append(
        Suspect(
          .tokenOrder, "the tokens of \(site.point) are in reverse order",
          expected: site.a.rows((0...last).map { last - $0 }), at: site))
      if let order = nearestRows(site) {
        let shown = order.prefix(8).map(String.init).joined(separator: ", ")
        found.append(
          Suspect(
            .tokenOrder,
            "the tokens of \(site.point) are in another order: B's are A's \(shown)\(order.count > 8 ? ", …" : "")",
            expected: site.a.rows(order), at: site))
      }
    }
    return found
  }

  /// For each row of B the nearest of A; nil where that is A's own order, or there are too many.
  private static func nearestRows(_ site: PartingSite) -> [Int]? {
    guard site.a.rowCount <= 64 else { return nil }
    let order = (0..<site.b.rowCount).map { row in
      (0..<site.a.rowCount).min {
        squaredDistance(site.a.row($0), site.b.row(row)) < squaredDistance(site.a.row($1), site.b.row(row))
      } ?? row
    }
    return order == Array(0..<site.a.rowCount) ? nil : order
  }

  private static func squaredDistance(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
}
