import JSON

/// A text with its vector of length 1.
package struct LabeledVector: Sendable {
  package let item: InputItem
  package let vector: [Float]

  package init(item: InputItem, vector: [Float]) {
    self.item = item
    self.vector = vector
  }

  /// The cosine of two vectors of length 1. Summed in double precision, in order.
  package func cosine(with other: LabeledVector) -> Double {
    var sum = 0.0
    for (left, right) in zip(vector, other.vector) { sum += Double(left) * Double(right) }
    return sum
  }
}

/// Cosines of texts against texts, rows against columns, computed row by row as they are written.
package struct SimilarityMatrix {
  package let rows: [LabeledVector]
  package let columns: [LabeledVector]
  /// Whether rows and columns are the same texts, so that one list of labels does.
  package let isSquare: Bool

  package init(rows: [LabeledVector], columns: [LabeledVector], isSquare: Bool) {
    self.rows = rows
    self.columns = columns
    self.isSquare = isSquare
  }

  /// Columns are numbered, rows numbered and labeled; other column texts follow below as a list. A matrix
  /// wider than the terminal is cut into bands.
  package func writeTable(to file: OutputFile, width: Int?, hasColors: Bool) throws(CommandError) {
    guard !rows.isEmpty, !columns.isEmpty else { return }
    let numberWidth = String(max(rows.count, columns.count)).count
    let labels = rows.map { DisplayText.oneLine($0.item.label) }
    let longest = labels.reduce(0) { max($0, DisplayText.width(of: $1)) }
    let labelWidth = min(longest, width.map { max(12, ($0 - numberWidth - 2) / 3) } ?? Self.labelLimit)
    let room = width.map { max(1, ($0 - numberWidth - 2 - labelWidth) / Self.cellWidth) } ?? columns.count
    for band in stride(from: 0, to: columns.count, by: room) {
      if band > 0 { try file.write("\n".utf8) }
      let columnIndices = band..<min(band + room, columns.count)
      var header = String(repeating: " ", count: numberWidth + 2 + labelWidth)
      for index in columnIndices { header += DisplayText.rightAligned("\(index + 1)", to: Self.cellWidth) }
      try file.write((header + "\n").utf8)
      for (index, row) in rows.enumerated() {
        var line = DisplayText.rightAligned("\(index + 1)", to: numberWidth) + "  "
        line += DisplayText.padded(labels[index], to: labelWidth)
        for column in columnIndices {
          let cosine = row.cosine(with: columns[column])
          let cell = Decimal.text(cosine, digits: 3, width: Self.cellWidth)
          line += hasColors ? Shade.paint(cell, similarity: cosine) : cell
        }
        try file.write((line + "\n").utf8)
      }
    }
    if !isSquare { try writeColumnLabels(to: file, width: width, numberWidth: numberWidth) }
  }

  private func writeColumnLabels(
    to file: OutputFile, width: Int?, numberWidth: Int
  ) throws(CommandError) {
    try file.write("\n".utf8)
    for (index, column) in columns.enumerated() {
      let line =
        DisplayText.rightAligned("\(index + 1)", to: numberWidth) + "  "
        + DisplayText.oneLine(column.item.label)
      try file.write(((width.map { DisplayText.cut(line, to: $0) } ?? line) + "\n").utf8)
    }
  }

  /// `{"rows":[{"id":…,"text":…}],"columns":[…],"similarity":[[…]]}`, one row of cosines a line.
  package func writeJSON(to file: OutputFile) throws(CommandError) {
    var head: [UInt8] = []
    head.append("{\"rows\":")
    head.append(json: .array(rows.map(\.item.description)))
    head.append(",\n\"columns\":")
    head.append(json: .array(columns.map(\.item.description)))
    head.append(",\n\"similarity\":[")
    try file.write(head)
    for (index, row) in rows.enumerated() {
      var line: [UInt8] = []
      line.append(index > 0 ? ",\n" : "\n")
      line.append(json: .array(columns.map { .number(Float(row.cosine(with: $0))) }))
      try file.write(line)
    }
    try file.write("]}\n".utf8)
  }

  /// ` -0.123`
  private static let cellWidth = 7
  /// The widest label where no terminal sets the width.
  private static let labelLimit = 60
}

extension InputItem {
  /// What a table calls the text: its id if it has one.
  var label: String {
    switch id {
    case .string(let id)?: "\(id): \(text)"
    case .number(let id)?: "\(id): \(text)"
    default: text
    }
  }

  /// The text and its id as JSON.
  var description: JSONValue {
    .object((id.map { [.init("id", $0)] } ?? []) + [.init("text", .string(text))])
  }
}
