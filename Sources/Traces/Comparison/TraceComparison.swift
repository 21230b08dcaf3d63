import Qwen3

/// Two traces, compared in the order of computation. A is the reference, B is what is judged.
package struct TraceComparison: Sendable {
  /// One tensor that both have.
  package struct Entry: Sendable {
    package let point: TracePoint
    /// Empty where the shapes do not fit each other.
    package let errors: RowErrors
    /// [rows, columns] of A and of B, where they cannot be compared.
    package let shapes: (a: [Int], b: [Int])?
    package let tolerance: Double

    package var error: Double { shapes == nil ? errors.largest : .infinity }
    package var isParted: Bool { !(error <= tolerance) }
  }

  package let tokens: TokenComparison
  package let entries: [Entry]
  /// Places that only one of them has.
  package let onlyInA: [TracePoint]
  package let onlyInB: [TracePoint]
  /// The precision that each has, as it says or as its numbers are stored.
  package let precisions: (a: TracePrecision, b: TracePrecision)
  /// What is wrong, the most telling first; empty where they agree.
  package let findings: [TraceFinding]

  package var agrees: Bool { findings.isEmpty }
  /// The first place where they part, under the tolerance that was asked for.
  package var firstParted: Entry? { entries.first(where: \.isParted) }

  /// - Parameter precision: what B is allowed to be; nil: what it says that it is.
  package init(_ a: TraceFile, _ b: TraceFile, precision: TracePrecision? = nil) throws(TraceComparisonError)
  {
    let common = a.points.filter(b.contains)
    guard !common.isEmpty else { throw .nothingInCommon }
    onlyInA = a.points.filter { !b.contains($0) }
    onlyInB = b.points.filter { !a.contains($0) }
    let precisions = (a: Self.precision(of: a), b: precision ?? Self.precision(of: b))
    self.precisions = precisions
    var tokens = TokenComparison(a.metadata.tokenIDs, b.metadata.tokenIDs)
    if tokens == .unknown { tokens = Self.tokensByRows(a, b, common) }
    self.tokens = tokens

    let shape = a.metadata.shape ?? b.metadata.shape
    let layerCount = shape?.layerCount ?? (common.compactMap(\.layer).max() ?? 0) + 1
    let longestSum = shape?.feedForwardSize ?? common.compactMap { a.size(of: $0)?.columnCount }.max() ?? 0
    func tolerance(_ b: TracePrecision) -> RoundingTolerance {
      RoundingTolerance(precisions.a, b, longestSum: longestSum, layerCount: layerCount)
    }
    do {
      let measured = try common.compactMap { point in
        try Self.measure(point, a, b, tokens: tokens).map { (point, $0, $1) }
      }
      let walk = measured.map { (point: $0.0, error: $0.2 == nil ? $0.1.largest : .infinity) }
      entries = zip(measured, tolerance(precisions.b).along(walk)).map { measured, tolerance in
        Entry(point: measured.0, errors: measured.1, shapes: measured.2, tolerance: tolerance)
      }
      var findings: [TraceFinding] = []
      if case .different(_, let sentence) = tokens {
        findings.append(TraceFinding(.tokenIDs, point: nil, sentence))
      }
      findings += try TraceDiagnosis(a: a, b: b, shape: shape, entries: entries, declared: precisions.b) {
        tolerance($0).along(walk)
      }.findings()
      self.findings = findings
    } catch let error as SafetensorsError {
      throw .file(error)
    } catch {
      preconditionFailure("no other error is thrown: \(error)")
    }
  }

  private static func precision(of trace: TraceFile) -> TracePrecision {
    if let precision = trace.metadata.precision { return precision }
    switch trace.points.first.flatMap(trace.storageType) {
    case .f16?: return .f16
    case .bf16?: return .bf16
    case .f32?, nil: return .f32
    }
  }

  /// Traces that do not name their ids still have a row for each.
  private static func tokensByRows(_ a: TraceFile, _ b: TraceFile, _ common: [TracePoint]) -> TokenComparison
  {
    for point in common where point.name != .pooled && point.name != .vector {
      guard let ours = a.size(of: point)?.rowCount, let theirs = b.size(of: point)?.rowCount, ours != theirs
      else {
        continue
      }
      return .different(
        common: min(ours, theirs),
        "A has \(ours) tokens, B \(theirs), as \(point) shows; their ids are not given")
    }
    return .unknown
  }

  /// - Returns: nil for what cannot be compared because the ids differ: a later token, and what is pooled
  ///   from it.
  private static func measure(
    _ point: TracePoint, _ a: TraceFile, _ b: TraceFile, tokens: TokenComparison
  ) throws(SafetensorsError) -> (RowErrors, shapes: (a: [Int], b: [Int])?)? {
    guard let ours = a.size(of: point), let theirs = b.size(of: point) else { return nil }
    var rowCount = ours.rowCount
    if case .different(let common, _) = tokens {
      guard common > 0, point.name != .pooled, point.name != .vector else { return nil }
      // Causal attention: what comes later changes nothing before it.
      rowCount = min(common, ours.rowCount, theirs.rowCount)
    } else if ours.rowCount != theirs.rowCount {
      return (RowErrors(), ([ours.rowCount, ours.columnCount], [theirs.rowCount, theirs.columnCount]))
    }
    guard ours.columnCount == theirs.columnCount else {
      return (RowErrors(), ([ours.rowCount, ours.columnCount], [theirs.rowCount, theirs.columnCount]))
    }
    var errors = RowErrors()
    let step = max(1, elementsAtOnce / ours.columnCount)
    for start in stride(from: 0, to: rowCount, by: step) {
      let rows = start..<min(start + step, rowCount)
      if let left = try a.rows(rows, of: point), let right = try b.rows(rows, of: point) {
        errors.add(left, right)
      }
    }
    return (errors, nil)
  }

  /// 4 MB of each side.
  private static let elementsAtOnce = 1 << 20
}

/// Why two traces cannot be compared.
package enum TraceComparisonError: Error, CustomStringConvertible {
  case file(SafetensorsError)
  case nothingInCommon

  package var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .nothingInCommon:
      "the two traces have no tensor in common; write them with the same layers and names"
    }
  }
}
