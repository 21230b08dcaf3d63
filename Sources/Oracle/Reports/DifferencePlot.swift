import ForeignText

/// The distribution of the differences over the probes: one mark a probe, stacked where marks would meet.
struct DifferencePlot {
  let probes: [Verdict.ProbeResult]
  /// Of what is plotted.
  let symbol: String
  private static let radius = 5.0

  var svg: String {
    let values = probes.flatMap { [$0.fromReference, $0.fromDiagnosis].compactMap { $0 } }
    let axis = LogarithmicAxis(values, left: 130, width: 650)
    let rows: [(name: String, value: (Verdict.ProbeResult) -> Double?)] = [
      ("from the reference", \.fromReference), ("from the diagnosis", \.fromDiagnosis),
    ]
    var body = ""
    var baseline = 10.0
    for row in rows {
      let (marks, height) = stack(axis, row.value, baseline: 0)
      baseline += height + 14
      body +=
        "<text class=\"label\" x=\"120\" y=\"\(LogarithmicAxis.text(baseline))\" text-anchor=\"end\">\(row.name)</text>"
      body +=
        "<line class=\"axis\" x1=\"124\" x2=\"786\" y1=\"\(LogarithmicAxis.text(baseline + 6))\" y2=\"\(LogarithmicAxis.text(baseline + 6))\"/>"
      body += "<g transform=\"translate(0 \(LogarithmicAxis.text(baseline)))\">\(marks)</g>"
      baseline += 16
    }
    let total = baseline + 24
    return
      "<svg viewBox=\"0 0 800 \(LogarithmicAxis.text(total))\" role=\"img\" aria-label=\"\(symbol) of every probe, on a "
      + "logarithmic scale\">\(axis.svg(top: 0, bottom: baseline))\(body)</svg>"
  }

  /// Circles for probes that are explained, crosses for the others: shape, not color alone.
  private func stack(
    _ axis: LogarithmicAxis, _ value: (Verdict.ProbeResult) -> Double?, baseline: Double
  ) -> (marks: String, height: Double) {
    var heights: [Int: Int] = [:]
    var marks = ""
    for probe in probes {
      guard let difference = value(probe), difference.isFinite else { continue }
      let column = Int(axis.x(difference) / (2 * Self.radius + 1))
      let level = heights[column, default: 0]
      heights[column] = level + 1
      let x = (Double(column) + 0.5) * (2 * Self.radius + 1)
      let y = -Double(level) * (2 * Self.radius + 1)
      let title = "<title>\(Markup.escaped(probe.name)): \(Figures.short(difference))</title>"
      let (left, right) = (LogarithmicAxis.text(x - 4), LogarithmicAxis.text(x + 4))
      let (upper, lower) = (LogarithmicAxis.text(y - 4), LogarithmicAxis.text(y + 4))
      marks +=
        probe.isExplained
        ? "<circle class=\"good\" cx=\"\(LogarithmicAxis.text(x))\" cy=\"\(LogarithmicAxis.text(y))\" r=\"4\">\(title)</circle>"
        : "<path class=\"bad\" d=\"M\(left) \(upper)L\(right) \(lower)M\(left) \(lower)L\(right) \(upper)\">\(title)</path>"
    }
    return (marks, Double(heights.values.max() ?? 1) * (2 * Self.radius + 1))
  }
}
