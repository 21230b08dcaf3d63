/// Text without marks: paragraphs are divided by blank lines.
package enum PlainText {
  package static func document(_ text: [UInt8], format: DocumentFormat) -> ExtractedDocument {
    var document = ExtractedDocument(text: text, format: format)
    let kind: ExtractedDocument.Block.Kind = format == .code ? .code : .paragraph
    var start: Int?
    for line in Lines.ranges(text, in: 0..<text.count) {
      if Lines.isBlank(text[line]) {
        if let begun = start {
          document.blocks.append(.init(kind, begun..<Lines.trimmedEnd(text, begun..<line.lowerBound)))
        }
        start = nil
      } else if start == nil {
        start = line.lowerBound
      }
    }
    if let begun = start {
      document.blocks.append(.init(kind, begun..<Lines.trimmedEnd(text, begun..<text.count)))
    }
    return document
  }
}
