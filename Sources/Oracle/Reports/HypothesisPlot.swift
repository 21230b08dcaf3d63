import ForeignText

/// How well each hypothesis matches: a bar from the left, the shorter the nearer to the observed answers.
struct HypothesisPlot {
  let verdict: Verdict
  private static let rowHeight = 20.0

  private struct Row {
    let name: String
    let difference: Double
    let isNamed: Bool
  }

  private var rows: [Row] {
    var rows: [Row] = []
    if let largest = verdict.largestDifference {
      rows.append(
        Row(
          name: verdict.diagnoses.isEmpty ? "no mistake" : "the diagnosis", difference: largest, isNamed: true
        ))
    }
    let tried = verdict.rejected.compactMap { rejected in
      rejected.medianDifference.map { Row(name: rejected.id, difference: $0, isNamed: false) }
    }
    return rows + tried.filter(\.difference.isFinite).sorted { $0.difference < $1.difference }
  }

  /// Nothing where no hypothesis was measured.
  var svg: String? {
    let rows = rows
    guard rows.count > 1 else { return nil }
    let axis = LogarithmicAxis(rows.map(\.difference), left: 260, width: 450)
    let bottom = Double(rows.count) * Self.rowHeight + 6
    var body = ""
    for (index, row) in rows.enumerated() {
      let y = Double(index) * Self.rowHeight + 4
      let text = LogarithmicAxis.text(y + 13)
      let end = axis.x(row.difference)
      body +=
        "<text class=\"label\" x=\"252\" y=\"\(text)\" text-anchor=\"end\">\(Markup.escaped(row.name))</text>"
      body +=
        "<rect class=\"\(row.isNamed ? "good" : "bar")\" x=\"260\" y=\"\(LogarithmicAxis.text(y))\" "
        + "width=\"\(LogarithmicAxis.text(max(2, end - 260)))\" height=\"15\"/>"
      body +=
        "<text class=\"tick\" x=\"\(LogarithmicAxis.text(end + 5))\" y=\"\(text)\">\(Figures.short(row.difference))</text>"
    }
    return
      "<svg viewBox=\"0 0 800 \(LogarithmicAxis.text(bottom + 24))\" role=\"img\" aria-label=\"\(verdict.measure.symbol) that each "
      + "hypothesis leaves\">\(axis.svg(top: 0, bottom: bottom))\(body)</svg>"
  }
}
