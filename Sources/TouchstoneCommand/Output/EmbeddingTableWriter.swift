import Touchstone

/// A summary for people: number, tokens, length and first components of each vector, and the text.
struct EmbeddingTableWriter: EmbeddingWriter {
  private let file: OutputFile
  private let width: Int?
  private var isEmpty = true

  /// - Parameter width: the columns of the terminal, or nil to leave texts whole.
  init(_ file: OutputFile, width: Int?) {
    self.file = file
    self.width = width
  }

  mutating func write(_ embedding: Embedding, of item: InputItem) throws(CommandError) {
    try item.check(embedding)
    if isEmpty { try file.write("index  tokens    norm  first components              text\n".utf8) }
    isEmpty = false
    for vector in embedding.vectors {
      let norm = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      let components = vector.prefix(3).map { Decimal.text(Double($0), digits: 4, width: 8) }
      var line = DisplayText.rightAligned("\(item.index)", to: 5)
      line += DisplayText.rightAligned("\(embedding.tokenCount)", to: 8)
      line += Decimal.text(norm, digits: 4, width: 8)
      line += "  " + components.joined() + (vector.count > 3 ? " …" : "")
      let text = DisplayText.oneLine(item.text)
      line = DisplayText.padded(line, to: 53)
      line += embedding.isTruncated ? "(cut from \(embedding.inputTokenCount) tokens) " : ""
      let room = width.map { $0 - DisplayText.width(of: line) }
      line += room.map { DisplayText.cut(text, to: $0) } ?? text
      try file.write((line + "\n").utf8)
    }
  }

  mutating func flush() throws(CommandError) { try file.flush() }
  mutating func finish() throws(CommandError) { try file.finish() }
}
