/// The text of a document with the places of its parts.
///
/// All offsets count the UTF-8 bytes of ``text``. For plain text and Markdown that is the file itself
/// (without a byte order mark); for other formats it is Markdown made of the document.
package struct ExtractedDocument: Sendable, Equatable {
  package var text: [UInt8]
  /// Of at most ``titleBytes``.
  package var title: String? { didSet { title = title.map(Self.shortened) } }
  package var format: DocumentFormat
  /// In the order of the text; they do not overlap.
  package var blocks: [Block] = []
  /// In the order of the text. Empty where the format has no pages.
  package var pages: [Page] = []
  /// Sentences about parts of the document that are missing: scanned pages, for example.
  package var warnings: [String] = []

  package struct Block: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
      /// A heading of level 1 to 6 and its text, of at most ``titleBytes``.
      case heading(level: Int, title: String)
      case paragraph
      case listItem
      /// Rows are lines. The first `header` bytes are the header row and its rule, repeated in front of later
      /// pieces.
      case table(header: Int)
      /// Source code, or a fence with its marks: cut between lines.
      case code
    }

    package var kind: Kind
    package var bytes: Range<Int>

    package init(_ kind: Kind, _ bytes: Range<Int>) {
      self.kind = kind
      self.bytes = bytes
      if case .heading(let level, let title) = kind {
        self.kind = .heading(level: level, title: ExtractedDocument.shortened(title))
      }
    }
  }

  /// A page, a slide or a sheet.
  package struct Page: Sendable, Equatable {
    /// From 1.
    package var number: Int
    package var bytes: Range<Int>

    package init(number: Int, bytes: Range<Int>) {
      self.number = number
      self.bytes = bytes
    }
  }

  package init(text: [UInt8], title: String? = nil, format: DocumentFormat) {
    self.text = text
    self.title = title.map(Self.shortened)
    self.format = format
  }

  /// Titles and headings stand in front of every piece below them, and in its row of the index: one of a
  /// megabyte would be there thousands of times.
  package static let titleBytes = 1_000

  private static func shortened(_ title: String) -> String {
    guard title.utf8.count > titleBytes else { return title }
    var end = title.utf8.index(title.startIndex, offsetBy: titleBytes)
    while title.utf8[end] & 0xC0 == 0x80 { title.utf8.formIndex(before: &end) }
    return String(title[..<end]) + "…"
  }

  package func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
}
