import Qwen3

/// B has here what A has at another place of this layer, or before it: a step is left out, or two are
/// swapped.
enum OtherTensorSuspects: SuspectSearch {
  static func suspects(at site: PartingSite) throws(SafetensorsError) -> [Suspect] {
    var found: [Suspect] = []
    for other in site.points where other != site.point && isNear(other, site.point) {
      guard let matrix = try site.reference(other), matrix.columnCount == site.a.columnCount else { continue }
      let sentence =
        other < site.point
        ? "B has at \(site.point) what A has at \(other): \(step(between: other, and: site.point))"
        : "B has at \(site.point) what A has at \(other), which comes later: the two are swapped, or a name is"
      found.append(Suspect(.otherTensor, sentence, expected: matrix, at: site))
    }
    return found
  }

  private static func isNear(_ other: TracePoint, _ point: TracePoint) -> Bool {
    guard let layer = point.layer else { return other.layer == nil }
    guard let otherLayer = other.layer else { return layer == 0 && other == TracePoint(.embedding) }
    return abs(otherLayer - layer) <= 1
  }

  private static func step(between other: TracePoint, and point: TracePoint) -> String {
    guard case .intermediate(let from) = other.name, case .intermediate(let to) = point.name,
      other.layer == point.layer
    else { return "the steps between are left out" }
    return switch (from, to) {
    case (.query, .queryNorm), (.key, .keyNorm): "the norm of the heads is left out"
    case (.queryNorm, .queryRotated), (.keyNorm, .keyRotated): "the rotation is left out"
    case (.query, .queryRotated), (.key, .keyRotated): "the norm of the heads and the rotation are left out"
    case (.attentionOutput, .attentionResidual), (.down, .feedForwardResidual): "the residual is not added"
    case (.gate, .up): "the two are swapped, or the same matrix is used twice"
    case (.up, .activated): "the gate is left out"
    default: "the steps between are left out, or the wrong tensor is used"
    }
  }
}
