import Qwen3

/// What a tensor of a trace is: an intermediate of the forward pass, or what comes after it.
package enum TraceName: Hashable, Sendable, CaseIterable {
  case intermediate(Intermediate)
  /// The state that pooling makes. [hiddenSize]
  case pooled
  /// The pooled state, cut and normalized: what embedding returns. [dimensions]
  case vector

  /// In the order of computation.
  package static let allCases = Intermediate.allCases.map(TraceName.intermediate) + [.pooled, .vector]

  package var text: String {
    switch self {
    case .intermediate(let name): name.rawValue
    case .pooled: "pooled"
    case .vector: "vector"
    }
  }

  package init?(_ text: String) {
    guard let name = Self.allCases.first(where: { $0.text == text }) else { return nil }
    self = name
  }

  /// Whether every layer has one.
  package var isInLayers: Bool {
    switch self {
    case .intermediate(.embedding), .intermediate(.finalNorm), .pooled, .vector: false
    case .intermediate: true
    }
  }
}

/// A place in the computation: `embedding`, `layers.3.query`, `vector`. Ordered as they are computed.
package struct TracePoint: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let name: TraceName
  /// nil for what belongs to no layer.
  package let layer: Int?

  package init(_ name: TraceName, layer: Int? = nil) {
    precondition(name.isInLayers == (layer != nil))
    self.name = name
    self.layer = layer
  }

  package init(_ name: Intermediate, layer: Int? = nil) { self.init(.intermediate(name), layer: layer) }

  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 3, parts[0] == "layers", let name = TraceName(String(parts[2])), name.isInLayers,
      let layer = Int(parts[1]), String(layer) == parts[1], (0..<1 << 16).contains(layer)
    {
      self.init(name, layer: layer)
    } else if parts.count == 1, let name = TraceName(text), !name.isInLayers {
      self.init(name)
    } else {
      return nil
    }
  }

  package var description: String { layer.map { "layers.\($0).\(name.text)" } ?? name.text }

  package static func < (a: TracePoint, b: TracePoint) -> Bool { a.place < b.place }

  private var place: (Int, Int, Int) {
    let index = TraceName.allCases.firstIndex(of: name) ?? 0
    if let layer { return (1, layer, index) }
    return (name == .intermediate(.embedding) ? 0 : 2, 0, index)
  }

  /// Components of a row.
  package func size(in c: ModelConfiguration, dimensions: Int) -> Int {
    switch name {
    case .intermediate(let name):
      switch name {
      case .query, .queryNorm, .queryRotated, .attention: c.querySize
      case .key, .keyNorm, .keyRotated, .value: c.keyValueSize
      case .gate, .up, .activated: c.feedForwardSize
      case .embedding, .attentionNorm, .attentionOutput, .attentionResidual, .feedForwardNorm, .down,
        .feedForwardResidual, .finalNorm:
        c.hiddenSize
      }
    case .pooled: c.hiddenSize
    case .vector: dimensions
    }
  }
}
