import Traces

/// What `diff` prints: who is compared, a table of errors by name and layer, and the verdict.
struct TraceComparisonText {
  private let comparison: TraceComparison
  private let a: TraceFile
  private let b: TraceFile
  private let width: Int

  private static let nameWidth = TraceName.allCases.map(\.text.count).max() ?? 0
  private static let cellWidth = 10

  init(_ comparison: TraceComparison, _ a: TraceFile, _ b: TraceFile, width: Int) {
    self.comparison = comparison
    self.a = a
    self.b = b
    self.width = width
  }

  var text: String {
    ([
      heading("A", a, comparison.precisions.a), heading("B", b, comparison.precisions.b), "",
      "largest error of a token, relative to its row in A; * is more than rounding makes", "",
    ] + table + [""] + verdict).map { "\($0)\n" }.joined()
  }

  private func heading(_ letter: String, _ trace: TraceFile, _ precision: TracePrecision) -> String {
    let tokens = trace.metadata.tokenIDs.map { ", \($0.count) tokens" } ?? ""
    let engine = trace.metadata.engine.map { "\(DisplayText.cut(DisplayText.oneLine($0), to: 60)), " } ?? ""
    return "\(letter)  \(trace.path): \(engine)\(precision.title)\(tokens)"
  }

  /// Names by layers, as many layers beside each other as fit, and then what belongs to no layer.
  private var table: [String] {
    let entries = Dictionary(uniqueKeysWithValues: comparison.entries.map { ($0.point, $0) })
    let layers = Set(comparison.entries.compactMap(\.point.layer)).sorted()
    let names = TraceName.allCases.filter(\.isInLayers)
    let perBlock = max(1, (width - Self.nameWidth) / Self.cellWidth)
    var lines: [String] = []
    for start in stride(from: 0, to: layers.count, by: perBlock) {
      let block = layers[start..<min(start + perBlock, layers.count)]
      lines.append(line("layer", block.map { "\($0) " }))
      for name in names where block.contains(where: { entries[TracePoint(name, layer: $0)] != nil }) {
        lines.append(line(name.text, block.map { cell(entries[TracePoint(name, layer: $0)]) }))
      }
      lines.append("")
    }
    for name in TraceName.allCases where !name.isInLayers {
      guard let entry = entries[TracePoint(name)] else { continue }
      lines.append(line(name.text, [cell(entry)]))
    }
    return lines
  }

  private func line(_ name: String, _ cells: [String]) -> String {
    let padded = cells.map { String(repeating: " ", count: max(0, Self.cellWidth - $0.count)) + $0 }.joined()
    let line = name + String(repeating: " ", count: max(0, Self.nameWidth - name.count)) + padded
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  private func cell(_ entry: TraceComparison.Entry?) -> String {
    guard let entry else { return "- " }
    let text = entry.shapes == nil ? Scientific.text(entry.error) : "shape"
    return text + (entry.isParted ? "*" : " ")
  }

  private var verdict: [String] {
    var lines: [String] = []
    for finding in comparison.findings {
      lines.append(finding.sentence + (finding.sentence.hasSuffix(".") ? "" : "."))
      lines += finding.evidence.map { "  - \($0)" }
    }
    if let missing = list(comparison.onlyInA) { lines.append("Only in A: \(missing)") }
    if let missing = list(comparison.onlyInB) { lines.append("Only in B: \(missing)") }
    for (letter, names) in [("A", a.otherNames), ("B", b.otherNames)] where !names.isEmpty {
      let shown = names.prefix(5).map { DisplayText.cut(DisplayText.oneLine($0), to: 60) }.joined(
        separator: ", ")
      lines.append("No names of a trace, left aside in \(letter): \(shown)\(names.count > 5 ? ", …" : "")")
    }
    if comparison.agrees {
      lines.append("The traces agree: \(comparison.entries.count) tensors, no difference beyond rounding.")
    }
    return lines
  }

  private func list(_ points: [TracePoint]) -> String? {
    guard !points.isEmpty else { return nil }
    let shown = points.prefix(8).map(\.description).joined(separator: ", ")
    return points.count > 8 ? "\(shown), … (\(points.count))" : shown
  }
}
