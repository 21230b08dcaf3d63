import Chunking
import Documents
import TestDocuments
import TestSupport
import Testing
import Touchstone

/// Documents of strangers that once ended the process, or kept it for minutes.
@Suite struct HostileDocumentTests {
  private func read(_ bytes: [UInt8], _ format: DocumentFormat) throws -> ExtractedDocument {
    try DocumentReader().read(bytes, path: "x", format: format)
  }

  /// The level of a list item was one more than what the file says, whatever that is.
  @Test(arguments: [Int.max, Int.min, 99, -1])
  func levelsOfAnySizeAreRead(_ level: Int) throws {
    let word = Archives.make([
      "word/document.xml":
        "<w:document><w:p><w:pPr><w:outlineLvl w:val=\"\(level)\"/><w:numPr><w:ilvl w:val=\"\(level)\"/></w:numPr></w:pPr><w:t>item</w:t></w:p></w:document>"
    ])
    #expect(try read(word, .docx).string(0..<6) == "- item")
    let slides = Archives.make([
      "ppt/presentation.xml": "<p><p:sldId r:id=\"r\"/></p>",
      "ppt/_rels/presentation.xml.rels": "<r><Relationship Id=\"r\" Target=\"a.xml\"/></r>",
      "ppt/a.xml": "<s><a:p><a:pPr lvl=\"\(level)\"/><a:t>item</a:t></a:p></s>",
    ])
    #expect(try read(slides, .pptx).text.suffix(6) == Array("- item".utf8)[...])
  }

  /// One row of a thousand cells makes each of a hundred thousand rows as wide.
  @Test func aTableThatIsWideAndLongIsRefused() {
    let html =
      "<table><tr>" + String(repeating: "<td>a", count: 1_000)
      + String(repeating: "<tr><td>b", count: 100_000)
    #expect(throws: DocumentError.tooLarge(limit: DocumentLimits().textBytes)) {
      try read(Array(html.utf8), .html)
    }
  }

  @Test func titlesAndHeadingsAreCut() throws {
    let long = String(repeating: "標", count: 5_000)
    let html = try read(Array("<title>\(long)</title><h1>\(long)</h1><p>text".utf8), .html)
    #expect(html.title == String(repeating: "標", count: 333) + "…")
    #expect(html.blocks[0].kind == .heading(level: 1, title: String(repeating: "標", count: 333) + "…"))
    #expect(html.text.count > 15_000, "the text itself is whole")
    let markdown = try read(Array("# \(long)\n\ntext".utf8), .markdown)
    #expect(markdown.blocks[0].kind == .heading(level: 1, title: String(repeating: "標", count: 333) + "…"))
  }

  @Test func namesInSentencesAreTame() {
    let name = "a\u{202E}" + String(repeating: "b", count: 500)
    #expect {
      try read(Archives.make(["word/document.xml": "<w><\(name)></w>"]), .docx)
    } throws: {
      "\($0)" == "has a part 'word/document.xml' that cannot be read: </w> closes another element"
    }
    #expect {
      try read(Archives.make(["word/document.xml": "<w></\(name)>"]), .docx)
    } throws: {
      "\($0)"
        == "has a part 'word/document.xml' that cannot be read: </a\\u{202e}"
        + String(repeating: "b", count: 98) + "> closes another element"
    }
    #expect {
      try read(
        Archives.make(["META-INF/container.xml": "<c><rootfile full-path=\"&#27;]0;x\"/></c>"]), .epub)
    } throws: {
      "\($0)" == "is not a sound ZIP archive: it has no member '\\u{1b}]0;x'"
    }
  }

  // MARK: Time

  private static let units: [(name: String, unit: String, formats: [DocumentFormat])] = [
    ("marks", "\u{301}\u{323}", [.text, .markdown, .html]), ("words", "word ", [.text]),
    ("brackets", "[", [.markdown]), ("links", "[a](b)", [.markdown]), ("back quotes", "` a", [.markdown]),
    ("headings", "# a\n\n", [.markdown]), ("quotes", "> ", [.markdown]), ("items", " - a\n", [.markdown]),
    ("bars", "|", [.markdown]), ("rows", "| a | b |\n", [.markdown]), ("less-than signs", "<", [.html]),
    ("ampersands", "&a", [.html]), ("comments", "<!--", [.html]), ("attributes", "<a b=c ", [.html]),
    ("cells", "<tr><td>a", [.html]), ("lists", "<ul><li>", [.html]), ("ends", "</a>", [.html]),
    ("line ends", "\n", [.text]), ("ideographs", "的。", [.text]),
  ]

  private static let tokenizer = Result {
    try EmbeddingModel(path: TestData.model("f16"), threads: 1).tokenizer
  }

  /// A run of marks is one character of any size, and comparing it sorts it: text of 40 KB took a minute.
  @Test(arguments: units.indices) func readingAndCuttingAreLinear(_ index: Int) throws {
    let (name, unit, formats) = Self.units[index]
    let chunker = Chunker(meter: try Self.tokenizer.get(), options: ChunkingOptions(tokens: 64))
    for format in formats {
      let excess = try Growth.excess("\(name) in \(format)", from: 1_000) { size in
        let start = format == .html ? "<html><table>" : "start "
        let text = Array((start + String(repeating: unit, count: size / unit.utf8.count)).utf8)
        _ = try read(text, format)
        return {
          guard let document = try? read(text, format) else { return }
          _ = chunker.chunks(of: document)
          _ = Scripts.language(of: document.text)
        }
      }
      #expect(excess == nil)
    }
  }

  /// Names of members, elements and attributes, values, identifiers and cells of marks.
  @Test(arguments: [DocumentFormat.docx, .odt, .epub, .pptx, .xlsx, .html])
  func namesAndValuesOfMarksAreLinear(_ format: DocumentFormat) throws {
    var reader = DocumentReader()
    // They pack very well.
    reader.limits.archiveRatio = 10_000
    let excess = try Growth.excess("\(format)", from: 500) { size in
      let marks = "a" + String(repeating: "\u{301}\u{323}", count: size / 4)
      let bytes = Self.document(format, marks)
      _ = try reader.read(bytes, path: "x", format: format)
      return { _ = try? reader.read(bytes, path: "x", format: format) }
    }
    #expect(excess == nil)
  }

  private static func document(_ format: DocumentFormat, _ marks: String) -> [UInt8] {
    let relations = "<r><Relationship Id=\"\(marks)\" Type=\"\(marks)\" Target=\"\(marks)\"/></r>"
    let html =
      "<html \(marks)=\"\(marks)\"><title>\(marks)</title><x\(marks)></x\(marks)><table><tr><td>\(marks)|<td>\(marks)</table><pre>\(marks)\n\(marks)</pre><script>\(marks)</script>&\(marks);"
    return switch format {
    case .docx:
      // A member of this name, too.
      Archives.make(
        [
          (
            "word/styles.xml",
            "<s><w:style w:styleId=\"\(marks)\"><w:name w:val=\"\(marks)\"/></w:style></s>"
          ),
          (
            "word/document.xml",
            "<w \(marks)=\"\(marks)\"><w:p><w:pStyle w:val=\"\(marks)\"/><w:t>\(marks)</w:t></w:p><\(marks)></\(marks)></w>"
          ), (String(decoding: marks.utf8.prefix(60_000), as: UTF8.self), "x"),
        ].map { ($0.0, Array($0.1.utf8)) })
    case .odt:
      Archives.make([
        "content.xml":
          "<o><text:h text:outline-level=\"\(marks)\">\(marks)</text:h><text:p>\(marks)</text:p></o>",
        "META-INF/manifest.xml": "<m a=\"\(marks)\">\(marks)</m>",
        "meta.xml": "<m><dc:title>\(marks)</dc:title></m>",
      ])
    case .epub:
      Archives.make([
        "META-INF/container.xml": "<c><rootfile full-path=\"a.opf\"/></c>",
        "a.opf":
          "<p><item id=\"\(marks)\" href=\"c.xhtml\"/><item id=\"x\" href=\"\(marks)\"/><itemref idref=\"\(marks)\" linear=\"\(marks)\"/></p>",
        "c.xhtml": html,
      ])
    case .pptx:
      Archives.make([
        "ppt/presentation.xml": "<p><p:sldId r:id=\"\(marks)\"/><p:sldId r:id=\"b\"/></p>",
        "ppt/_rels/presentation.xml.rels": relations.dropLast(4)
          + "<Relationship Id=\"b\" Target=\"a.xml\"/></r>",
        "ppt/a.xml": "<s><p:sp><p:ph type=\"\(marks)\"/><a:p><a:t>\(marks)</a:t></a:p></p:sp></s>",
      ])
    case .xlsx:
      Archives.make([
        "xl/workbook.xml": "<w><sheet name=\"\(marks)\" r:id=\"b\"/></w>",
        "xl/_rels/workbook.xml.rels": "<r><Relationship Id=\"b\" Target=\"a.xml\"/></r>",
        "xl/a.xml":
          "<s><row><c r=\"A1\" t=\"\(marks)\"><v>\(marks)</v></c><c t=\"b\"><v>\(marks)</v></c></row></s>",
      ])
    default: Array(html.utf8)
    }
  }
}
