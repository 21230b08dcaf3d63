import JSON
import Traces

/// What `diff --json` prints.
struct TraceComparisonJSON {
  let bytes: [UInt8]

  init(_ comparison: TraceComparison, _ a: TraceFile, _ b: TraceFile) {
    let value = JSONValue.object([
      .init("agrees", .bool(comparison.agrees)),
      .init("first", comparison.firstParted.map(Self.entry) ?? .null),
      .init("findings", .array(comparison.findings.map(Self.finding))),
      .init("a", Self.trace(a, comparison.precisions.a)),
      .init("b", Self.trace(b, comparison.precisions.b)),
      .init("sameTokens", Self.tokens(comparison.tokens)),
      .init("onlyInA", .array(comparison.onlyInA.map { .string($0.description) })),
      .init("onlyInB", .array(comparison.onlyInB.map { .string($0.description) })),
      .init("tensors", .array(comparison.entries.map(Self.entry))),
    ])
    var bytes: [UInt8] = []
    bytes.append(json: value)
    self.bytes = bytes + [UInt8(ascii: "\n")]
  }

  private static func trace(_ trace: TraceFile, _ precision: TracePrecision) -> JSONValue {
    .object([
      .init("path", .string(trace.path)),
      .init("engine", trace.metadata.engine.map(JSONValue.string) ?? .null),
      .init("precision", .string(precision.rawValue)),
    ])
  }

  private static func tokens(_ tokens: TokenComparison) -> JSONValue {
    switch tokens {
    case .unknown: .null
    case .same: .bool(true)
    case .different: .bool(false)
    }
  }

  private static func entry(_ entry: TraceComparison.Entry) -> JSONValue {
    .object([
      .init("name", .string(entry.point.description)),
      // What is not finite, or has another shape, has no number here.
      .init("relativeError", .number(entry.error)), .init("tolerance", .number(entry.tolerance)),
      .init("parts", .bool(entry.isParted)), .init("worstToken", .number(entry.errors.worstRow)),
      .init("shapes", entry.shapes.map { .array([shape($0.a), shape($0.b)]) } ?? .null),
    ])
  }

  private static func shape(_ sizes: [Int]) -> JSONValue { .array(sizes.map { .number($0) }) }

  private static func finding(_ finding: TraceFinding) -> JSONValue {
    .object([
      .init("kind", .string(finding.kind.rawValue)),
      .init("at", finding.point.map { .string($0.description) } ?? .null),
      .init("sentence", .string(finding.sentence)),
      .init("evidence", .array(finding.evidence.map(JSONValue.string))),
    ])
  }
}
