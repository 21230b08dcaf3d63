/// Which tensors of a trace are wanted.
package struct TraceSelection: Sendable, Equatable {
  /// nil: all.
  package let layers: [ClosedRange<LayerIndex>]?
  /// nil: all.
  package let names: Set<TraceName>?

  package static let all = TraceSelection(ranges: nil, names: nil)

  /// A layer counted from the first, or the last one.
  package enum LayerIndex: Comparable, Sendable {
    case number(Int)
    case last
  }

  init(ranges: [ClosedRange<LayerIndex>]?, names: Set<TraceName>?) {
    layers = ranges
    self.names = names
  }

  /// - Parameters:
  ///   - layers: `0,3-5,last`; nil is all.
  ///   - names: `query,key_rotated`; nil is all.
  package init(layers: String?, names: String?) throws(TraceSelectionError) {
    self.layers = try layers.map(Self.ranges)
    self.names = try names.map(Self.names)
  }

  private static func ranges(_ text: String) throws(TraceSelectionError) -> [ClosedRange<LayerIndex>] {
    var ranges: [ClosedRange<LayerIndex>] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = item.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(index)
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
        throw .layers(String(item))
      }
      ranges.append(first...last)
    }
    return ranges
  }

  private static func index(_ text: Substring) -> LayerIndex? {
    if text == "last" { return .last }
    guard let number = Int(text), number >= 0 else { return nil }
    return .number(number)
  }

  private static func names(_ text: String) throws(TraceSelectionError) -> Set<TraceName> {
    var names: Set<TraceName> = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let name = TraceName(String(item)) else { throw .name(String(item)) }
      names.insert(name)
    }
    return names
  }

  /// The selected places of a model with so many layers, in the order of computation.
  package func points(layerCount: Int) throws(TraceSelectionError) -> [TracePoint] {
    var selected = Set<Int>(layers == nil ? 0..<layerCount : 0..<0)
    for range in layers ?? [] {
      let (first, last) = (
        number(range.lowerBound, layerCount: layerCount), number(range.upperBound, layerCount: layerCount)
      )
      guard last < layerCount, first <= last else {
        throw .noSuchLayer(max(first, last), layerCount: layerCount)
      }
      selected.formUnion(first...last)
    }
    let names = TraceName.allCases.filter { self.names?.contains($0) ?? true }
    let points = names.flatMap { name in
      name.isInLayers ? selected.map { TracePoint(name, layer: $0) } : [TracePoint(name)]
    }
    return points.sorted()
  }

  private func number(_ index: LayerIndex, layerCount: Int) -> Int {
    switch index {
    case .number(let number): number
    case .last: layerCount - 1
    }
  }
}

/// A selection that cannot be understood, or not be met by a model.
package enum TraceSelectionError: Error, Equatable, CustomStringConvertible {
  case layers(String)
  case name(String)
  case noSuchLayer(Int, layerCount: Int)

  package var description: String {
    switch self {
    case .layers(let found):
      "'\(found)' names no layers; write numbers from 0, ranges and 'last', separated by commas: 0,3-5,last"
    case .name(let found):
      "'\(found)' is no name of an intermediate; there are \(TraceName.allCases.map(\.text).joined(separator: ", "))"
    case .noSuchLayer(let layer, let layerCount):
      "there is no layer \(layer): this model has \(layerCount), counted from 0"
    }
  }
}
