import Kernels
import Qwen3

/// Finds what is wrong at the first place where two traces part.
struct TraceDiagnosis {
  let a: TraceFile
  let b: TraceFile
  let shape: TraceMetadata.Shape?
  let entries: [TraceComparison.Entry]
  let declared: TracePrecision
  /// The tolerance of each entry where B has a certain precision.
  let tolerances: (TracePrecision) -> [Double]

  /// The noise of a coarser precision is one finding; behind it the walk goes on with that precision's
  /// tolerance, since noise must not hide a mistake.
  func findings() throws(SafetensorsError) -> [TraceFinding] {
    guard let first = entries.first(where: \.isParted) else { return [] }
    if let finding = try explained(first, first.tolerance) {
      return finding.kind == .cachePrecision ? try behind(finding, .f16) : [finding]
    }
    guard let noise = try noise(at: first) else { return [unexplained(first, first.tolerance)] }
    return try behind(noise.finding, noise.precision)
  }

  /// A finding that is noise of a precision, after what is still seen with the tolerance of that precision.
  private func behind(
    _ noise: TraceFinding, _ precision: TracePrecision
  ) throws(SafetensorsError) -> [TraceFinding] {
    let wider = zip(entries, tolerances(precision)).map {
      (entry: $0, tolerance: max($1, $0.tolerance))
    }
    guard let (next, allowed) = wider.first(where: { !($0.entry.error <= $0.tolerance) }) else {
      return [noise]
    }
    return [try explained(next, allowed) ?? unexplained(next, allowed), noise]
  }

  private func explained(
    _ entry: TraceComparison.Entry, _ tolerance: Double
  ) throws(SafetensorsError) -> TraceFinding? {
    if let shapes = entry.shapes {
      return TraceFinding(
        .shape, point: entry.point, "\(entry.point) has the shape \(shapes.a) in A and \(shapes.b) in B",
        evidence: [lastAgreement(before: entry)])
    }
    if let place = entry.errors.firstNotFinite {
      let owner = place.isInReference ? "A, the reference," : "B"
      return TraceFinding(
        .notFinite, point: entry.point,
        "\(owner) has a number that is not finite in \(entry.point), token \(place.row), component \(place.column)",
        evidence: [lastAgreement(before: entry)])
    }
    guard let site = try PartingSite(entry, a: a, b: b, shape: shape, tolerance: tolerance),
      let suspect = try Suspect.best(at: site)
    else { return nil }
    return TraceFinding(
      suspect.kind, point: entry.point, suspect.sentence,
      evidence: [
        suspect.isWhole
          ? "with that assumed, \(entry.point) agrees to \(Self.text(suspect.residual))"
          : "that explains most of it: with that assumed, \(Self.text(suspect.residual)) is left of "
            + Self.text(entry.error),
        extent(of: entry, tolerance), lastAgreement(before: entry),
      ])
  }

  private func unexplained(_ entry: TraceComparison.Entry, _ tolerance: Double) -> TraceFinding {
    TraceFinding(
      .unexplained, point: entry.point,
      "B parts from A at \(entry.point), in none of the ways that this program knows",
      evidence: [
        "largest relative error \(Self.text(entry.error)), \(Self.text(tolerance)) is rounding",
        extent(of: entry, tolerance), lastAgreement(before: entry),
      ])
  }

  /// Noise begins with the first operations, and in all of them: a first difference deep in the model is
  /// none, nor is one in queries alone, with exact keys.
  private func noise(
    at entry: TraceComparison.Entry
  ) throws(SafetensorsError) -> (precision: TracePrecision, finding: TraceFinding)? {
    let products = [Intermediate.query, .key, .value].map { TracePoint($0, layer: 0) }
    guard ([TracePoint(.embedding), TracePoint(.attentionNorm, layer: 0)] + products).contains(entry.point),
      entries.filter({ products.contains($0.point) }).allSatisfy(\.isParted),
      let place = entries.firstIndex(where: { $0.point == entry.point }),
      let rows = try b.rows(0..<1, of: entry.point)
    else { return nil }
    let stored = rows.values.storedPrecision
    let coarser = TracePrecision.allCases.filter {
      $0 != declared && tolerances($0)[place] >= entry.error
    }
    let covering = coarser.first { zip(entries, tolerances($0)).allSatisfy { $0.error <= $1 } }
    guard let precision = coarser.first(where: { $0 == stored }) ?? covering ?? coarser.first else {
      return nil
    }
    let isCertain = stored == precision
    return (
      precision,
      TraceFinding(
        .precision, point: entry.point,
        isCertain
          ? "B computes in \(precision.title): its numbers are such numbers, and the differences are as large as that makes them"
          : "from \(entry.point) on B differs as much as \(precision.title) would make it; nothing else explains it",
        evidence: [
          "largest relative error \(Self.text(entry.error)) at \(entry.point), where \(declared.title) makes at most "
            + Self.text(entry.tolerance),
          "to judge B by this precision: --precision \(precision.rawValue)",
        ])
    )
  }

  /// Which tokens are concerned.
  private func extent(of entry: TraceComparison.Entry, _ tolerance: Double) -> String {
    let rows = entry.errors.rows(above: tolerance)
    let count = entry.errors.relative.count
    if rows.count == count { return count == 1 ? "the one row parts" : "all \(count) tokens part" }
    let ranges =
      rows.count == 1 ? "token \(rows[0])" : "\(rows.count) of \(count) tokens, from token \(rows[0]) on,"
    return
      "\(ranges) part\(rows.count == 1 ? "s" : ""); the largest error is at token \(entry.errors.worstRow)"
  }

  private func lastAgreement(before entry: TraceComparison.Entry) -> String {
    guard let last = entries.last(where: { $0.point < entry.point }) else {
      return "it is the first tensor that both have"
    }
    let between = a.points.filter { last.point < $0 && $0 < entry.point }
    let gap = between.isEmpty ? "" : "; B does not have \(between.map(\.description).joined(separator: ", "))"
    return "the last that agrees is \(last.point)\(gap)"
  }

  static func text(_ error: Double) -> String { Scientific.text(error) }
}

extension [Float] {
  /// The 16-bit precision that all of these numbers belong to, if one does.
  var storedPrecision: TracePrecision? {
    let numbers = filter { $0 != 0 }
    guard numbers.count >= 16 else { return nil }
    if numbers.allSatisfy({ $0.bitPattern & 0xFFFF == 0 }) { return .bf16 }
    return numbers.allSatisfy { Float(halfBits: $0.halfBits) == $0 } ? .f16 : nil
  }
}
