import ForeignText

/// Pictures of an explanation as SVG: colors come from classes, so that they follow light and dark. Each has
/// a sentence as its text alternative; the numbers are in a table beside it.
struct CurvePlot {
  /// What the numbers from left to right are of.
  let title: String
  let xTitle: String
  let labels: [String]
  let lines: [(name: String, className: String, values: [Double])]
  let range: ClosedRange<Double>

  private static let (left, right, top, bottom) = (52.0, 620.0, 12.0, 190.0)

  var svg: String {
    let middle = Figures.place((Self.left + Self.right) / 2)
    return
      "<svg class=\"plot\" viewBox=\"0 0 640 236\" role=\"img\" aria-label=\"\(Markup.escaped(title))\">\(grid)\(curves)"
      + "<text class=\"label\" x=\"\(middle)\" y=\"228\" text-anchor=\"middle\">\(Markup.escaped(xTitle))</text></svg>"
  }

  private func x(_ index: Int) -> Double {
    let steps = Double(max(labels.count - 1, 1))
    return Self.left + (Self.right - Self.left) * Double(index) / steps
  }

  private func y(_ value: Double) -> Double {
    let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return Self.bottom - (Self.bottom - Self.top) * min(max(share, 0), 1)
  }

  /// A round number at or above `value`, with round numbers at its quarters.
  static func top(_ value: Double) -> Double {
    var unit = 1.0
    while unit * 40 < value { unit *= 10 }
    while unit * 4 > value, unit > 1e-9 { unit /= 10 }
    let step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].first { 4 * $0 * unit >= value } ?? 10
    return 4 * step * unit
  }

  private var grid: String {
    var body = ""
    for step in 0...4 {
      let value = range.lowerBound + (range.upperBound - range.lowerBound) * Double(step) / 4
      let height = Figures.place(y(value))
      body +=
        "<line class=\"grid\" x1=\"\(Figures.place(Self.left))\" x2=\"\(Figures.place(Self.right))\" y1=\"\(height)\" y2=\"\(height)\"/>"
        + "<text class=\"tick\" x=\"46\" y=\"\(height)\" dy=\"4\" text-anchor=\"end\">"
        + "\(Figures.fixed(value, range.upperBound > 10 ? 0 : 2))</text>"
    }
    // At most a dozen labels have room.
    let every = max(1, (labels.count + 11) / 12)
    for (index, label) in labels.enumerated() where index % every == 0 || index == labels.count - 1 {
      if index != labels.count - 1, labels.count - 1 - index < every, index % every == 0, every > 1 {
        continue
      }
      body +=
        "<text class=\"tick\" x=\"\(Figures.place(x(index)))\" y=\"208\" text-anchor=\"middle\">\(Markup.escaped(label))</text>"
    }
    return body
  }

  private var curves: String {
    lines.map { line in
      let points = line.values.enumerated().map { "\(Figures.place(x($0))),\(Figures.place(y($1)))" }
      let marks = line.values.enumerated().map { index, value in
        "<circle class=\"\(line.className)\" cx=\"\(Figures.place(x(index)))\" cy=\"\(Figures.place(y(value)))\" r=\"3.5\">"
          + "<title>\(Markup.escaped("\(line.name), \(labels[index]): \(Figures.fixed(value, 3))"))</title></circle>"
      }
      return "<polyline class=\"curve \(line.className)\" points=\"\(points.joined(separator: " "))\"/>"
        + marks.joined()
    }.joined()
  }
}

/// A cell for each head: the darker, the fewer tokens it looks at.
struct HeadGrid {
  let attention: LastTokenAttention
  private static let cell = 18.0

  var svg: String {
    let (layers, heads) = (attention.layers.count, attention.headCount)
    let all = attention.layers.indices.flatMap { layer in
      (0..<heads).map { attention.entropy(layer: layer, head: $0) }
    }
    let (narrowest, widest) = (all.min() ?? 0, all.max() ?? 0)
    let width = 40 + Double(heads) * Self.cell
    let height = 26 + Double(layers) * Self.cell
    var body = ""
    for head in 0..<heads where heads <= 16 || head % 4 == 0 {
      body +=
        "<text class=\"tick\" x=\"\(Figures.place(40 + (Double(head) + 0.5) * Self.cell))\" y=\"14\" text-anchor=\"middle\">\(head)</text>"
    }
    for layer in 0..<layers {
      let y = 20 + Double(layer) * Self.cell
      body +=
        "<text class=\"tick\" x=\"34\" y=\"\(Figures.place(y + 13))\" text-anchor=\"end\">\(layer)</text>"
      for head in 0..<heads {
        let entropy = attention.entropy(layer: layer, head: head)
        let share = widest > narrowest ? (widest - entropy) / (widest - narrowest) : 0
        body +=
          "<rect class=\"cell f\(Shading.level(share))\" data-layer=\"\(layer)\" data-head=\"\(head)\" "
          + "x=\"\(Figures.place(40 + Double(head) * Self.cell))\" y=\"\(Figures.place(y))\" width=\"17\" height=\"17\">"
          + "<title>layer \(layer), head \(head): \(Figures.fixed(entropy, 2)) bits</title></rect>"
      }
    }
    return
      "<svg class=\"heads\" viewBox=\"0 0 \(Figures.place(width)) \(Figures.place(height))\" width=\"\(Figures.place(width))\" "
      + "height=\"\(Figures.place(height))\" role=\"img\" aria-label=\"How narrowly each head looks: a row for each of \(layers) "
      + "layers, a column for each of \(heads) heads; the numbers are in the table.\">\(body)</svg>"
  }
}

/// A bar from the middle: to the right for what carries, to the left for what stands against it.
struct EffectBar {
  let share: Double

  var svg: String {
    let length = min(share.magnitude, 1) * 48
    let start = share < 0 ? 50 - length : 50
    return
      "<svg class=\"effect\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
      + "<line x1=\"50\" x2=\"50\" y1=\"0\" y2=\"10\"/>"
      + "<rect class=\"\(share < 0 ? "against" : "for")\" x=\"\(Figures.place(start))\" y=\"1\" width=\"\(Figures.place(length))\" "
      + "height=\"8\"/></svg>"
  }
}

/// Shares as one of eleven classes, so that pages need no inline style.
enum Shading {
  /// 0 to 10.
  static func level(_ share: Double) -> Int {
    share.isFinite ? Int((min(max(share, 0), 1) * 10).rounded()) : 0
  }

  /// `w7` for what carries, `n3` for what stands against it.
  static func className(_ share: Double) -> String {
    share < 0 ? "n\(level(-share))" : "w\(level(share))"
  }
}
