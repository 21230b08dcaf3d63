import Chunking
import ForeignText

/// Makes Markdown of HTML: headings, paragraphs, list items, tables and preformatted text. Scripts, styles,
/// navigation, asides and footers are left out. Never fails on markup; a browser would not either.
struct HTMLReader {
  let limits: DocumentLimits

  func document(_ bytes: [UInt8]) throws(DocumentError) -> ExtractedDocument {
    var builder = DocumentBuilder(limits: limits)
    let title = try read(bytes, into: &builder)
    return builder.document(title: title, format: .html)
  }

  private static let skipped: Set<ByteString> = [
    "script", "style", "nav", "aside", "footer", "noscript", "template", "svg", "iframe", "object", "select",
    "button", "math",
  ]
  private static let blocks: Set<ByteString> = [
    "p", "div", "section", "article", "main", "header", "blockquote", "ul", "ol", "dl", "dt", "dd", "figure",
    "figcaption", "address", "hr", "form", "fieldset", "body", "html", "center", "details", "summary",
  ]

  /// - Returns: the title.
  func read(_ bytes: [UInt8], into builder: inout DocumentBuilder) throws(DocumentError) -> String? {
    var scanner = MarkupScanner(html: bytes)
    var state = State()
    while let token = try scanner.next() {
      switch token {
      case .text(let text):
        if state.isTitle {
          state.title = (state.title ?? "") + text
        } else if state.skipDepth == 0 {
          state.append(text)
        }
      case .start(let name, _):
        if name == "title" { state.isTitle = state.skipDepth == 0 && state.title == nil }
        if Self.skipped.contains(name) { state.skipDepth += 1 }
        if state.skipDepth == 0 { try start(name, &state, &builder) }
      case .end(let name):
        if name == "title" { state.isTitle = false }
        if Self.skipped.contains(name) {
          state.skipDepth = max(0, state.skipDepth - 1)
        } else if state.skipDepth == 0 {
          try end(name, &state, &builder)
        }
      }
    }
    try state.flush(into: &builder)
    if let rows = state.closeTable() { try builder.table(rows) }
    return state.title
  }

  private struct State {
    var words = ""
    var title: String?
    var isTitle = false
    var skipDepth = 0
    var headingLevel: Int?
    /// For each open list whether it is numbered, and the number of its last item.
    var lists: [(isNumbered: Bool, count: Int)] = []
    var isItem = false
    var isPreformatted = false
    var rows: [[String]]?
    var tableDepth = 0

    mutating func append(_ text: String) { words += text }

    /// What was gathered becomes a block, or stays for the cell at hand.
    mutating func flush(into builder: inout DocumentBuilder) throws(DocumentError) {
      if rows != nil {
        words += " "
        return
      }
      defer { words = "" }
      if isPreformatted {
        try builder.code(words)
      } else if let headingLevel {
        try builder.heading(headingLevel, words)
      } else if isItem, let list = lists.last {
        try builder.listItem(words, depth: lists.count, marker: list.isNumbered ? "\(list.count)." : "-")
        if !words.allSatisfy(\.isWhitespace) { isItem = false }
      } else {
        try builder.paragraph(words)
      }
    }

    mutating func endCell() {
      guard isCell, let count = rows?.count, count > 0 else { return }
      rows![count - 1].append(words.collapsingWhiteSpace)
      words = ""
      isCell = false
    }

    var isCell = false

    mutating func closeTable() -> [[String]]? {
      endCell()
      defer { rows = nil }
      return rows
    }
  }

  private func start(
    _ name: ByteString, _ state: inout State, _ builder: inout DocumentBuilder
  ) throws(DocumentError) {
    switch name {
    case "br": state.append(state.isPreformatted ? "\n" : " ")
    case "h1", "h2", "h3", "h4", "h5", "h6":
      try state.flush(into: &builder)
      state.headingLevel = Int(name.text.dropFirst())
    case "pre":
      try state.flush(into: &builder)
      state.isPreformatted = state.rows == nil
    case "ul", "ol":
      try state.flush(into: &builder)
      state.lists.append((name == "ol", 0))
    case "li":
      try state.flush(into: &builder)
      if state.lists.isEmpty { state.lists.append((false, 0)) }
      state.lists[state.lists.count - 1].count += 1
      state.isItem = true
    case "table":
      state.tableDepth += 1
      if state.tableDepth == 1 {
        try state.flush(into: &builder)
        state.rows = []
      }
    case "tr":
      guard state.tableDepth == 1 else { return }
      state.endCell()
      state.words = ""
      state.rows?.append([])
    case "td", "th":
      guard state.tableDepth == 1 else { return }
      state.endCell()
      state.words = ""
      if state.rows?.isEmpty == true { state.rows?.append([]) }
      state.isCell = true
    default:
      if Self.blocks.contains(name) { try state.flush(into: &builder) }
    }
  }

  private func end(
    _ name: ByteString, _ state: inout State, _ builder: inout DocumentBuilder
  ) throws(DocumentError) {
    switch name {
    case "h1", "h2", "h3", "h4", "h5", "h6":
      try state.flush(into: &builder)
      state.headingLevel = nil
    case "pre":
      try state.flush(into: &builder)
      state.isPreformatted = false
    case "ul", "ol":
      try state.flush(into: &builder)
      _ = state.lists.popLast()
      state.isItem = false
    case "li":
      try state.flush(into: &builder)
      state.isItem = false
    case "td", "th": if state.tableDepth == 1 { state.endCell() }
    case "table":
      state.tableDepth = max(0, state.tableDepth - 1)
      guard state.tableDepth == 0, let rows = state.closeTable() else { return }
      state.words = ""
      try builder.table(rows)
    default:
      if Self.blocks.contains(name) { try state.flush(into: &builder) }
    }
  }
}
