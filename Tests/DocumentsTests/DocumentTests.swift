import Chunking
import Documents
import Foundation
import TestDocuments
import TestSupport
import Testing

@Suite struct DocumentTests {
  private func read(_ bytes: [UInt8], _ format: DocumentFormat) throws -> ExtractedDocument {
    try DocumentReader().read(bytes, path: "x", format: format)
  }

  private func read(_ text: String, _ format: DocumentFormat) throws -> ExtractedDocument {
    try read(Array(text.utf8), format)
  }

  private func blocks(_ document: ExtractedDocument) -> [String] {
    document.blocks.map { document.string($0.bytes) }
  }

  @Test func findsTheBlocksOfMarkdown() throws {
    let document = try read(
      """
      ---
      title: "A guide"
      ---
      # One #
      Text of
      two lines.
      - item
        goes on
      1. first

      Under
      =====
      ```swift
      # no heading

      let a = 1
      ```
      | a | b |
      |---|:-:|
      | 1 | 2 |
      After.

          indented code
      """, .markdown)
    #expect(document.title == "A guide")
    #expect(
      blocks(document) == [
        "# One #", "Text of\ntwo lines.", "- item\n  goes on", "1. first", "Under\n=====",
        "```swift\n# no heading\n\nlet a = 1\n```", "| a | b |\n|---|:-:|\n| 1 | 2 |", "After.",
        "    indented code",
      ])
    #expect(document.blocks[0].kind == .heading(level: 1, title: "One"))
    #expect(document.blocks[4].kind == .heading(level: 1, title: "Under"))
    #expect(document.blocks[6].kind == .table(header: 20))
    #expect(document.blocks[7].kind == .paragraph)
  }

  @Test func makesMarkdownOfHTML() throws {
    let document = try read(
      """
      <!DOCTYPE html><html><head><title>Page &amp; title</title><style>p { color: red }</style></head><body>
      <nav><a>Home</a></nav><h1>Ret&uuml;rns</h1><p>Goods may be <b>returned</b>&nbsp;within 30&#8239;days.
      <script>alert("</p>")</script><ul><li>one<li>two<ol><li>inner</ol></ul>
      <table><tr><th>Name<th>Price<tr><td>Tea|cup<td>3 €</table><pre>a
        b</pre><footer>Imprint</footer>Tail
      """, .html)
    #expect(document.title == "Page & title")
    #expect(
      blocks(document) == [
        "# Retürns", "Goods may be returned within 30 days.", "- one", "- two", "  1. inner",
        "| Name | Price |\n| --- | --- |\n| Tea\\|cup | 3 € |", "```\na\n  b\n```", "Tail",
      ])
  }

  @Test func readsWordDocuments() throws {
    let bytes = Archives.make([
      "word/styles.xml":
        #"<w:styles><w:style w:styleId="T2"><w:name w:val="heading 2"/></w:style></w:styles>"#,
      "word/document.xml": """
      <?xml version="1.0"?><w:document><w:body><w:p><w:pPr><w:pStyle w:val="T2"/></w:pPr><w:r><w:t>保修</w:t></w:r></w:p>
      <w:p><w:r><w:t>Two </w:t></w:r><w:r><w:t>runs</w:t><w:tab/><w:delText>gone</w:delText></w:r></w:p>
      <w:p><w:r><w:t>Around </w:t></w:r><mc:AlternateContent><mc:Choice><w:p><w:r><w:t>In a box</w:t></w:r></w:p></mc:Choice>
      <mc:Fallback><w:p><w:r><w:t>In a box</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent><w:r><w:t>the box</w:t></w:r></w:p>
      <w:p><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr><w:r><w:t>item</w:t></w:r></w:p>
      <w:p><w:r><w:lastRenderedPageBreak/><w:t>On page two</w:t></w:r></w:p>
      <w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr>
      <w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl></w:body></w:document>
      """,
      "docProps/core.xml": "<p><dc:title>Contract</dc:title></p>",
    ])
    let document = try read(bytes, .docx)
    #expect(document.title == "Contract")
    #expect(
      blocks(document) == [
        "## 保修", "Two runs", "In a box", "Around the box", "  - item", "On page two",
        "| a | b |\n| --- | --- |\n| 1 |  |",
      ])
    #expect(document.pages.map(\.number) == [1, 2])
    #expect(document.pages[1].bytes.contains(document.blocks[5].bytes.lowerBound))
    #expect(!document.pages[1].bytes.contains(document.blocks[4].bytes.lowerBound))
  }

  @Test func readsOpenDocuments() throws {
    let bytes = Archives.make([
      "content.xml": """
      <office:document-content><office:body><office:text><text:h text:outline-level="1">Titre</text:h>
      <text:p>Une<text:s/>phrase<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>La note.\
      </text:p></text:note-body></text:note>.</text:p><text:list><text:list-item><text:p>point</text:p></text:list-item>
      </text:list><table:table><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell>
      <table:table-cell><text:p>y</text:p></table:table-cell></table:table-row></table:table>
      <office:annotation><text:p>secret</text:p></office:annotation></office:text></office:body>
      </office:document-content>
      """
    ])
    #expect(
      blocks(try read(bytes, .odt)) == [
        "# Titre", "Une phrase.", "La note.", "- point", "| x | y |\n| --- | --- |",
      ])
  }

  @Test func readsBooksSlidesAndSheets() throws {
    let book = try read(
      Archives.make([
        "META-INF/container.xml": #"<container><rootfile full-path="OPS/book.opf"/></container>"#,
        "OPS/book.opf": """
        <package><metadata><dc:title>Buch</dc:title></metadata><manifest><item id="b" href="zwei%20.xhtml"/>
        <item id="a" href="eins.xhtml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>
        """,
        "OPS/eins.xhtml": "<html><body><h1>Eins</h1><p>Erster.</p></body></html>",
        "OPS/zwei .xhtml": "<html><body><h1>Zwei</h1><p>Zweiter.</p></body></html>",
      ]), .epub)
    #expect(book.title == "Buch")
    #expect(blocks(book) == ["# Eins", "Erster.", "# Zwei", "Zweiter."])

    let slides = try read(
      Archives.make([
        "ppt/presentation.xml":
          #"<p:presentation><p:sldIdLst><p:sldId id="256" r:id="r2"/><p:sldId id="257" r:id="r1"/></p:sldIdLst></p:presentation>"#,
        "ppt/_rels/presentation.xml.rels":
          #"<Relationships><Relationship Id="r1" Target="slides/slide1.xml"/><Relationship Id="r2" Target="slides/slide2.xml"/></Relationships>"#,
        "ppt/slides/slide1.xml": "<p:sld><p:sp><a:p><a:r><a:t>second</a:t></a:r></a:p></p:sp></p:sld>",
        "ppt/slides/slide2.xml":
          #"<p:sld><p:sp><p:nvPr><p:ph type="title"/></p:nvPr><a:p><a:r><a:t>First</a:t></a:r></a:p></p:sp></p:sld>"#,
      ]), .pptx)
    #expect(blocks(slides) == ["## First", "- second"])
    #expect(slides.pages.map(\.number) == [1, 2])

    let sheets = try read(
      Archives.make([
        "xl/workbook.xml": #"<workbook><sheets><sheet name="Preise" r:id="r1"/></sheets></workbook>"#,
        "xl/_rels/workbook.xml.rels":
          #"<Relationships><Relationship Id="r1" Target="/xl/worksheets/sheet1.xml"/></Relationships>"#,
        "xl/sharedStrings.xml": "<sst><si><t>Tee</t></si><si><t>東京</t><rPh><t>とうきょう</t></rPh></si></sst>",
        "xl/worksheets/sheet1.xml":
          #"<worksheet><sheetData><row><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row><c r="A2"><v>3.5</v></c><c r="B2" t="b"><v>1</v></c></row></sheetData></worksheet>"#,
      ]), .xlsx)
    #expect(blocks(sheets) == ["# Preise", "| Tee |  | 東京 |\n| --- | --- | --- |\n| 3.5 | TRUE |  |"])
  }

  @Test func readsPDFWithPagesHeadingsAndWithoutRunningHeads() throws {
    let folder = try TemporaryFolder()
    let pages = (1...5).map { page in
      [
        "Annual report", "Chapter \(page)", "The first line of page \(page) ends with a hyphen-",
        "ated word and goes on.", "Intro . . . . . . . . 7",
        "Last words \(["red", "blue", "green", "white", "black"][page - 1]).", "- \(page) -",
      ]
    }
    _ = try folder.file("report.pdf", Archives.pdf(pages, outline: (1...5).map { ("Chapter \($0)", $0) }))
    let path = folder.path("report.pdf")
    let document = try DocumentReader().read(
      try DocumentReader.bytes(path: path, limits: DocumentLimits()), path: path)
    let text = String(decoding: document.text, as: UTF8.self)
    #expect(document.pages.map(\.number) == [1, 2, 3, 4, 5])
    #expect(text.contains("# Chapter 3"))
    #expect(text.contains("The first line of page 3 ends with a hyphenated word and goes on."))
    #expect(!text.contains("Annual report") && !text.contains("- 3 -") && !text.contains(". . ."))
    let green = try #require(text.range(of: "green"))
    let offset = text.utf8.distance(from: text.startIndex, to: green.lowerBound)
    #expect(document.pages.first { $0.bytes.contains(offset) }?.number == 3)
  }

  @Test func saysWhichPagesOfAPDFHaveNoText() throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("half.pdf", Archives.pdf([["Some words here."], [], ["More."]]))
    _ = try folder.file("none.pdf", Archives.pdf([[], []]))
    let reader = DocumentReader()
    let half = try reader.read([], path: folder.path("half.pdf"))
    #expect(half.warnings == ["1 of 3 pages have no text, probably scanned: 2"])
    #expect(throws: DocumentError.noText(pages: 2)) { try reader.read([], path: folder.path("none.pdf")) }
  }

  @Test func refusesBrokenAndEndlessPDF() throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("broken.pdf", Array("%PDF-1.4\nthis is no PDF".utf8))
    _ = try folder.file(
      "large.pdf",
      Archives.pdf((0..<300).map { page in (0..<50).map { "Line \($0) of page \(page) has words." } }))
    #expect(throws: DocumentError.program(name: "pdftotext", reason: "finds no sound PDF in it")) {
      try DocumentReader().read([], path: folder.path("broken.pdf"))
    }
    var reader = DocumentReader()
    reader.limits.textBytes = 10_000
    #expect(
      throws: DocumentError.program(name: "pdftotext", reason: "wrote more than 10000 bytes and was stopped")
    ) {
      try reader.read([], path: folder.path("large.pdf"))
    }
    reader = DocumentReader()
    reader.limits.seconds = 0
    #expect(throws: DocumentError.program(name: "pdftotext", reason: "was stopped after 0 seconds")) {
      try reader.read([], path: folder.path("large.pdf"))
    }
  }

  @Test func refusesZIPBombs() throws {
    let bomb = Archives.make([("word/document.xml", [UInt8](repeating: 0x20, count: 32 << 20))])
    #expect(
      throws: DocumentError.archive(
        reason: "its member 'word/document.xml' grows more than 200 times, as a ZIP bomb does")
    ) {
      try read(bomb, .docx)
    }
    // A small size in the directory, and more in the stream.
    let liar = Archives.make(
      [("word/document.xml", [UInt8](repeating: 0x20, count: 1 << 20))], declaredSize: 100)
    #expect(throws: DocumentError.archive(reason: "its member 'word/document.xml' is damaged")) {
      try read(liar, .docx)
    }
    let huge = Archives.make([("word/document.xml", Array("<a/>".utf8))], declaredSize: 0xFFFF_FFF0)
    #expect(throws: DocumentError.self) { try read(huge, .docx) }
  }

  @Test func refusesEntityBombsAndDeepElements() throws {
    let bomb = """
      <?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document>&b;</w:document>
      """
    #expect(
      throws: DocumentError.markup(
        part: "word/document.xml",
        reason: "it declares entities or a document type of its own, which is refused")
    ) { try read(Archives.make(["word/document.xml": bomb]), .docx) }
    let deep = String(repeating: "<a>", count: 100_000)
    #expect(
      throws: DocumentError.markup(
        part: "word/document.xml", reason: "its elements are nested more than 256 deep")
    ) { try read(Archives.make(["word/document.xml": deep]), .docx) }
  }

  @Test func endsForEveryCutAndFlippedFile() throws {
    let sound = Archives.make([
      "word/document.xml": "<w:document><w:p><w:r><w:t>Text &amp; more</w:t></w:r></w:p></w:document>",
      "content.xml": "<a><text:p>words</text:p></a>",
    ])
    let html = Array("<html><!-- c --><table><tr><td a='b'>x</table><pre>&amp;&#65;</pre><li>y".utf8)
    var numbers = SeededGenerator(seed: 5)
    for _ in 0..<400 {
      var bytes = sound
      if Bool.random(using: &numbers) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &numbers)) }
      for _ in 0..<3 where !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
      }
      for format in [DocumentFormat.docx, .odt, .epub, .pptx, .xlsx] { _ = try? read(bytes, format) }
      var page = html
      for _ in 0..<4 {
        page[Int.random(in: 0..<page.count, using: &numbers)] = UInt8.random(in: 1...127, using: &numbers)
      }
      #expect(throws: Never.self) {
        try read(Array(page.prefix(Int.random(in: 0...page.count, using: &numbers))), .html)
      }
    }
  }

  @Test func readsUTF16ByItsMarkAndRefusesOtherEncodingsByName() throws {
    let little: [UInt8] = [0xFF, 0xFE] + "Grüße 知识 🙂".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    #expect(String(decoding: try read(little, .text).text, as: UTF8.self) == "Grüße 知识 🙂")
    #expect(try read([0xEF, 0xBB, 0xBF, 0x61], .text).text == [0x61])
    #expect(throws: DocumentError.encoding(offset: 2, guess: "WINDOWS-1252")) {
      try read([0x47, 0x72, 0xFC, 0xDF, 0x65], .text)
    }
    let chinese: [UInt8] = [0xD6, 0xAA, 0xCA, 0xB6, 0xBF, 0xE2]
    #expect(throws: DocumentError.encoding(offset: 4, guess: "GB18030")) { try read(chinese, .text) }
    #expect(throws: DocumentError.binary(offset: 1)) { try read([0x61, 0, 0x62], .text) }
    #expect(
      DocumentError.encoding(offset: 2, guess: "WINDOWS-1252").description
        == "is not UTF-8 at byte 2, perhaps WINDOWS-1252; convert it: iconv -f WINDOWS-1252 -t UTF-8")
  }
}
