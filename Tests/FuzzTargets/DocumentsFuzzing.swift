import Chunking
import Documents
import TestDocuments
import TestSupport
import Touchstone

/// Documents of every format, made of what their readers look at, with hostile numbers, names and texts: each
/// is read or refused with a sentence, and what is read is cut into pieces.
enum DocumentsFuzzing {
  static func run(_ decisions: inout Decisions) throws {
    let format = decisions.element(of: formats)
    let document: ExtractedDocument
    do {
      document = try read(format, &decisions)
    } catch let error as DocumentError {
      return try demandSentence(error)
    }
    try check(document)
    try cut(document, &decisions)
  }

  private static let formats: [DocumentFormat] = [
    .text, .code, .markdown, .html, .html, .docx, .docx, .odt, .epub, .pptx, .xlsx, .xlsx, .pdf,
  ]

  private static func read(
    _ format: DocumentFormat, _ decisions: inout Decisions
  ) throws -> ExtractedDocument {
    var reader = DocumentReader()
    reader.limits.textBytes = 1 << 20
    reader.limits.archiveEntryBytes = 1 << 20
    let bytes: [UInt8]
    switch format {
    case .text, .code, .markdown: bytes = lines(&decisions)
    case .html: bytes = markup(DocumentParts.html, isHTML: true, &decisions)
    case .pdf:
      return try PDFReader.document(
        text: lines(&decisions), outline: PDFReader.outline(outline(&decisions)), limits: reader.limits)
    default: bytes = archive(DocumentParts.members(of: format), &decisions)
    }
    return try reader.read(bytes, path: "hostile", format: format)
  }

  // MARK: What must hold

  private static func check(_ document: ExtractedDocument) throws {
    let text = document.text
    try demand(String(validating: text, as: UTF8.self) != nil, "the text is not UTF-8")
    try demand(
      (document.title?.utf8.count ?? 0) <= ExtractedDocument.titleBytes + 3,
      "the title is longer than it may be")
    var end = 0
    for block in document.blocks {
      try demand(
        block.bytes.lowerBound >= end && block.bytes.upperBound <= text.count, "a block is out of place")
      end = block.bytes.upperBound
      if case .table(let header) = block.kind {
        try demand((0...block.bytes.count).contains(header), "a header is longer than its table")
      }
    }
    end = 0
    for page in document.pages {
      try demand(
        page.bytes.lowerBound >= end && page.bytes.upperBound <= text.count, "a page is out of place")
      end = page.bytes.upperBound
    }
  }

  private static func cut(_ document: ExtractedDocument, _ decisions: inout Decisions) throws {
    let methods: [ChunkingOptions.Method] = [
      .structure, .structure, .page, .whole,
      .langchain(size: 20 + decisions.below(60), overlap: decisions.below(20)),
    ]
    let options = ChunkingOptions(
      method: decisions.element(of: methods), tokens: 16 + decisions.below(100),
      overlapPercent: decisions.below(51))
    let chunks = Chunker(meter: tokenizer, options: options).chunks(of: document)
    let text = document.text
    var covered = 0
    for chunk in chunks {
      let bytes = chunk.bytes
      try demand(!bytes.isEmpty && bytes.upperBound <= text.count, "a piece is out of place")
      try demand(
        text[bytes.lowerBound] & 0xC0 != 0x80
          && (bytes.upperBound == text.count || text[bytes.upperBound] & 0xC0 != 0x80),
        "a piece cuts a letter")
      try demand(
        chunk.tokenCount == tokenizer.count(chunk.lead + document.string(bytes)),
        "tokens of a piece are miscounted")
      try demand(
        chunk.tokenCount <= options.tokens || document.string(bytes).unicodeScalars.count == 1,
        "a piece has \(chunk.tokenCount) tokens of \(options.tokens)")
      try demand(
        bytes.upperBound > covered || options.methodName.hasPrefix("langchain"), "a piece brings nothing")
      covered = max(covered, bytes.upperBound)
    }
  }

  private static let tokenizer: TextTokenizer = {
    do { return try EmbeddingModel(path: TestData.model("f16"), threads: 1).tokenizer } catch {
      preconditionFailure("the tokenizer of the tests: \(error)")
    }
  }()

  // MARK: Texts

  /// Lines of text and Markdown.
  private static func lines(_ decisions: inout Decisions) -> [UInt8] {
    var text: [UInt8] = []
    for _ in 0..<decisions.below(24) where !decisions.isExhausted {
      text += decisions.element(of: DocumentParts.lineStarts).utf8
      text += words(&decisions)
      if !decisions.chance(1, in: 4) { text.append(0x0A) }
    }
    return text
  }

  private static func words(_ decisions: inout Decisions) -> [UInt8] {
    switch decisions.below(6) {
    case 0: FuzzTexts.bytes([], &decisions)
    case 1: Array(decisions.element(of: DocumentParts.texts).utf8)
    default: Array(decisions.element(of: ["word", "a b c. D e!", "12", "", " ", "x|y", "的。好"]).utf8)
    }
  }

  // MARK: Markup

  private static func attributeValue(_ decisions: inout Decisions) -> [UInt8] {
    switch decisions.below(6) {
    case 0: Array("\(decisions.integer())".utf8)
    case 1: Array("-\(decisions.integer())".utf8)
    case 2: words(&decisions)
    default: Array(decisions.element(of: DocumentParts.values).utf8)
    }
  }

  /// Elements of these names inside each other, most of them closed.
  private static func markup(
    _ vocabulary: DocumentParts.Vocabulary, isHTML: Bool = false, _ decisions: inout Decisions
  ) -> [UInt8] {
    var text: [UInt8] = []
    var open: [[UInt8]] = []
    func append(_ part: String) { text += Array(part.utf8) }
    if !isHTML { append("<root xmlns:w=\"w\">") }
    for _ in 0..<decisions.below(60) where !decisions.isExhausted {
      switch decisions.below(10) {
      case 0, 1, 2, 3, 4:
        let name =
          decisions.chance(1, in: 20)
          ? FuzzTexts.bytes([], &decisions) : Array(decisions.element(of: vocabulary.elements).utf8)
        append("<")
        text += name
        for _ in 0..<decisions.below(3) {
          append(" " + decisions.element(of: vocabulary.attributes) + "=\"")
          text += attributeValue(&decisions).filter { $0 != UInt8(ascii: "\"") }
          append("\"")
        }
        if decisions.chance(1, in: 5) {
          append("/>")
        } else {
          append(">")
          open.append(name)
        }
      case 5, 6:
        if let name = open.popLast() {
          append("</")
          text += name
          append(">")
        }
      case 7: append(decisions.element(of: DocumentParts.oddMarkup))
      default:
        text += words(&decisions).filter { isHTML || $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "&") }
      }
    }
    if !decisions.chance(1, in: 10) {
      while let name = open.popLast() {
        append("</")
        text += name
        append(">")
      }
      if !isHTML { append("</root>") }
    }
    return text
  }

  private static func outline(_ decisions: inout Decisions) -> [UInt8] {
    Array("<pdf2xml><outline>".utf8)
      + markup(.init(elements: ["item", "outline"], attributes: ["page"]), isHTML: true, &decisions)
  }

  // MARK: Archives

  private static func archive(_ members: [DocumentParts.Member], _ decisions: inout Decisions) -> [UInt8] {
    var contents = members.filter { !$0.isOptional || decisions.chance(2, in: 3) }.map { member in
      (
        name: Array(member.name.utf8),
        content: member.fixed.map { Array($0.utf8) } ?? markup(member.vocabulary, &decisions)
      )
    }
    if decisions.chance(1, in: 8) { contents.append((words(&decisions), words(&decisions))) }
    var parts = Archives.parts(contents, isPacked: { decisions.chance(1, in: 2) })
    // Places and sizes of the directory, for the most part.
    for _ in 0..<(decisions.chance(1, in: 4) ? 1 + decisions.below(3) : 0) {
      switch decisions.below(4) {
      case 0: change(&parts.members, &decisions)
      case 1: change(&parts.end, &decisions)
      default: change(&parts.directory, &decisions)
      }
    }
    return parts.bytes
  }

  private static func change(_ bytes: inout [UInt8], _ decisions: inout Decisions) {
    if !bytes.isEmpty { bytes[decisions.index(in: bytes)] = decisions.byte() }
  }
}
