import ForeignText
import Qwen3

/// The first place where two traces part, with as many of its rows as it takes to find out why.
struct PartingSite {
  let point: TracePoint
  /// [rows, columns], the first tokens.
  let a: TraceMatrix
  let b: TraceMatrix
  /// The largest relative error of these rows.
  let error: Double
  let tolerance: Double
  let shape: TraceMetadata.Shape?
  /// Whether `a` has all rows of the tensor.
  let isWhole: Bool
  /// Places of the reference, in the order of computation.
  let points: [TracePoint]
  let normEpsilon: Double
  /// Whether tokens of the reference see only what comes before them.
  let isCausal: Bool
  /// How the reference's rotation is scaled; nil: not at all.
  let scaling: String?
  private let trace: TraceFile

  /// At most so many tokens are looked at, and fewer where rows are long.
  private static let rowLimit = 128
  private static let elementLimit = 1 << 20

  /// nil where the rows that are looked at do not part.
  init?(
    _ entry: TraceComparison.Entry, a: TraceFile, b: TraceFile, shape: TraceMetadata.Shape?, tolerance: Double
  ) throws(SafetensorsError) {
    point = entry.point
    trace = a
    points = a.points
    self.shape = shape
    self.tolerance = tolerance
    normEpsilon = a.metadata.others["norm_epsilon"].flatMap(Double.init) ?? 1e-6
    isCausal = a.metadata.others[TraceMetadata.attentionKey].map { !$0.hasBytes(of: "bidirectional") } ?? true
    scaling = a.metadata.others[TraceMetadata.scalingKey]
    guard let size = a.size(of: point) else { return nil }
    let rowCount = min(
      entry.errors.relative.count, Self.rowLimit, max(2, Self.elementLimit / size.columnCount))
    guard rowCount > 0, let left = try a.rows(0..<rowCount, of: point),
      let right = try b.rows(0..<rowCount, of: point)
    else { return nil }
    (self.a, self.b) = (left, right)
    error = left.distance(to: right)
    isWhole = rowCount == size.rowCount
    guard error > tolerance else { return nil }
  }

  /// The reference's rows of another place, as many as are looked at here; nil where it does not have them.
  func reference(_ point: TracePoint) throws(SafetensorsError) -> TraceMatrix? {
    guard let size = trace.size(of: point), size.rowCount >= a.rowCount else { return nil }
    return try trace.rows(0..<a.rowCount, of: point)
  }

  /// The same for an intermediate of this layer.
  func reference(_ name: Intermediate) throws(SafetensorsError) -> TraceMatrix? {
    try reference(TracePoint(name, layer: name == .embedding || name == .finalNorm ? nil : point.layer))
  }

  /// The reference's residual stream before this layer.
  func layerInput() throws(SafetensorsError) -> TraceMatrix? {
    guard let layer = point.layer else { return nil }
    return try layer == 0
      ? reference(.embedding) : reference(TracePoint(.feedForwardResidual, layer: layer - 1))
  }

  /// All rows of another place, at most so many.
  func allRows(_ point: TracePoint, limit: Int) throws(SafetensorsError) -> TraceMatrix? {
    guard let size = trace.size(of: point), size.rowCount <= limit else { return nil }
    return try trace.rows(0..<size.rowCount, of: point)
  }

  /// The intermediate at hand; nil after the final norm.
  var intermediate: Intermediate? {
    if case .intermediate(let name) = point.name { name } else { nil }
  }

  /// Components of a head, where the tensor has heads.
  var headDimension: Int? {
    switch intermediate {
    case .query, .key, .value, .queryNorm, .keyNorm, .queryRotated, .keyRotated, .attention:
      guard let dimension = shape?.headDimension, a.columnCount % dimension == 0 else { return nil }
      return dimension
    default: return nil
    }
  }
}
