import Hashing
import Qwen3
import Traces

/// Short hashes of the residual stream on its way through the model: the first that differs names the layer.
///
/// Each is the first 16 hexadecimal digits of the SHA-256 of the states of all tokens, [tokens, hiddenSize],
/// as little-endian float32.
package struct StateChecksums: Equatable, Sendable {
  /// The tokens' rows of the embedding table.
  package var embedding: String
  /// After each layer.
  package var layers: [String]
  package var finalNorm: String

  package init(embedding: String, layers: [String], finalNorm: String) {
    self.embedding = embedding
    self.layers = layers
    self.finalNorm = finalNorm
  }

  /// The first place where two sets of checksums differ.
  func firstDifference(from other: StateChecksums) -> TracePoint? {
    if embedding != other.embedding { return TracePoint(.embedding) }
    for (layer, (ours, theirs)) in zip(layers, other.layers).enumerated() where ours != theirs {
      return TracePoint(.feedForwardResidual, layer: layer)
    }
    if layers.count != other.layers.count {
      return TracePoint(.feedForwardResidual, layer: min(layers.count, other.layers.count))
    }
    return finalNorm == other.finalNorm ? nil : TracePoint(.finalNorm)
  }
}

/// Hashes states as an observer sees them: the rows of one place come in order, in chunks, and one place
/// after another.
final class StateHasher {
  private var hashes: [TracePoint: SHA256] = [:]

  func observe(_ name: Intermediate, layer: Int?, _ rows: [[Float]]) {
    switch name {
    case .embedding, .feedForwardResidual, .finalNorm: break
    default: return
    }
    let point = TracePoint(name, layer: layer)
    for row in rows { hashes[point, default: SHA256()].update(row.littleEndianBytes) }
  }

  /// - Requires: a whole pass was observed.
  func checksums(layerCount: Int) -> StateChecksums {
    func digits(_ point: TracePoint) -> String {
      String((hashes[point] ?? SHA256()).hexadecimalDigest.prefix(16))
    }
    return StateChecksums(
      embedding: digits(TracePoint(.embedding)),
      layers: (0..<layerCount).map { digits(TracePoint(.feedForwardResidual, layer: $0)) },
      finalNorm: digits(TracePoint(.finalNorm)))
  }
}
