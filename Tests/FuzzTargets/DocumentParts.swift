import Chunking
import Documents

/// Of which parts hostile documents are made.
enum DocumentParts {
  struct Vocabulary {
    let elements: [String]
    let attributes: [String]
  }

  /// A member of an archive.
  struct Member {
    let name: String
    var isOptional = false
    /// The content; without it, markup is made.
    var fixed: String?
    var vocabulary = Vocabulary(elements: ["title", "a"], attributes: ["b"])
  }

  static let lineStarts = [
    "", "", "# ", "## ", "###### ", "- ", "  - ", "12. ", "> ", "| ", "|-|", "```", "~~~swift", "    ", "\t",
    "===", "---",
    "<p>", "[", "![", "<!--", "•", "\u{C}", "\r", "a | b\n-|-\n", "Chapter 1 . . . . . 7",
  ]

  static let texts = [
    "The file was not found.", "密码错误。请重试！", "a\u{301}\u{323}\u{301}", "e.g. Dr. No",
    "&amp;&lt;&#x110000;&#0;&nope;&nbsp;",
    "\u{202E}abc\u{1B}[31m", "👩\u{200D}👩\u{200D}👧", "\u{FEFF}", "| x | y |", "12-\nword", "\u{0}",
    "</script>", "]]>",
  ]

  static let values = [
    "", "0", "1", "8", "heading 1", "Heading 9", "title", "s", "b", "n", "str", "A1", "XFD1048576", "ZZZ9",
    "r1", "r2",
    "slide1.xml", "../x", "/word/document.xml", "..", "%2e%2e/%41", "chapter.xhtml", "External", "no",
    "ctrTitle",
  ]

  static let oddMarkup = [
    "<", ">", "&", "<!", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "</", "<a", "<a b", "<a b=", "<a b='",
    "/>",
    "<!DOCTYPE x [", "<script>", "</script", "<title>", "<textarea>", "&#", "&#x;", "&amp", "</root>", "<a:>",
    "<:a>",
    "<!-- ", "<br/", "\u{0}",
  ]

  static let html = Vocabulary(
    elements: [
      "html", "head", "title", "body", "p", "div", "h1", "h6", "ul", "ol", "li", "table", "tr", "td", "th",
      "pre", "br",
      "script", "style", "nav", "svg", "textarea", "blockquote", "hr", "math", "P", "TABLE", "x-y", "dl",
      "dt", "dd",
    ],
    attributes: ["class", "id", "href", "B", "a:b"])

  private static let wordElements = [
    "w:p", "w:r", "w:t", "w:pPr", "w:pStyle", "w:outlineLvl", "w:numPr", "w:ilvl", "w:tab", "w:br",
    "w:lastRenderedPageBreak", "w:tbl", "w:tr", "w:tc", "mc:Fallback", "w:style", "w:name", "title",
  ]

  private static let relations =
    "<Relationships><Relationship Id=\"r1\" Target=\"a.xml\"/><Relationship Id=\"r2\" Target=\"/b.xml\"/></Relationships>"

  static func members(of format: DocumentFormat) -> [Member] {
    let properties = Member(name: "docProps/core.xml", isOptional: true)
    switch format {
    case .docx:
      let vocabulary = Vocabulary(elements: wordElements, attributes: ["w:val", "w:styleId", "w:type"])
      return [
        Member(name: "word/styles.xml", isOptional: true, vocabulary: vocabulary),
        Member(name: "word/document.xml", vocabulary: vocabulary),
        Member(name: "word/footnotes.xml", isOptional: true, vocabulary: vocabulary), properties,
      ]
    case .odt:
      return [
        Member(
          name: "content.xml",
          vocabulary: Vocabulary(
            elements: [
              "text:p", "text:h", "text:s", "text:tab", "text:line-break", "text:soft-page-break",
              "text:list",
              "table:table", "table:table-row", "table:table-cell", "table:covered-table-cell",
              "office:annotation",
              "text:note", "text:note-citation", "text:tracked-changes", "text:index-body",
            ], attributes: ["text:outline-level", "text:c"])), Member(name: "meta.xml", isOptional: true),
        Member(name: "META-INF/manifest.xml", isOptional: true),
      ]
    case .epub:
      return [
        Member(
          name: "META-INF/container.xml",
          fixed: "<container><rootfile full-path=\"OEBPS/a.opf\"/></container>"),
        Member(
          name: "OEBPS/a.opf",
          vocabulary: Vocabulary(
            elements: ["item", "itemref", "title", "spine", "manifest"],
            attributes: ["id", "idref", "href", "linear"])),
        Member(name: "OEBPS/chapter.xhtml", vocabulary: html),
      ]
    case .pptx:
      let vocabulary = Vocabulary(
        elements: ["p:sp", "p:ph", "a:p", "a:pPr", "a:t", "a:br", "a:tbl", "a:tr", "a:tc"],
        attributes: ["type", "lvl"])
      return [
        Member(
          name: "ppt/presentation.xml", vocabulary: Vocabulary(elements: ["p:sldId"], attributes: ["r:id"])),
        Member(name: "ppt/_rels/presentation.xml.rels", fixed: relations),
        Member(name: "ppt/a.xml", vocabulary: vocabulary), Member(name: "b.xml", vocabulary: vocabulary),
        properties,
      ]
    default:
      let vocabulary = Vocabulary(elements: ["row", "c", "c", "v", "t", "is"], attributes: ["r", "t", "s"])
      return [
        Member(
          name: "xl/workbook.xml",
          fixed: "<w><sheet name=\"One\" r:id=\"r1\"/><sheet name=\"\" r:id=\"r2\"/></w>"),
        Member(name: "xl/_rels/workbook.xml.rels", fixed: relations),
        Member(
          name: "xl/sharedStrings.xml", isOptional: true,
          vocabulary: Vocabulary(elements: ["si", "t", "rPh"], attributes: ["x"])),
        Member(name: "xl/a.xml", vocabulary: vocabulary), Member(name: "b.xml", vocabulary: vocabulary),
        properties,
      ]
    }
  }
}
