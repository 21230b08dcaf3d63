import Touchstone

/// A piece of a document that becomes one vector.
package struct Chunk: Sendable, Equatable {
  /// In the UTF-8 bytes of the document's text: begins and ends with something other than white space, and
  /// never inside a character that a reader sees as one.
  package var bytes: Range<Int>
  /// Put in front of the piece where it is embedded: the path of headings, and the header of a table that
  /// began earlier.
  package var lead: String
  /// The headings above, outermost first.
  package var headings: [String]
  /// From 1; nil where the format has no pages.
  package var pages: ClosedRange<Int>?
  /// Lines of the document's text, from 1.
  package var lines: ClosedRange<Int>
  /// The tokens that go through the model: lead, piece and end of text.
  package var tokenCount: Int

  package init(
    bytes: Range<Int>, lead: String, headings: [String], pages: ClosedRange<Int>?, lines: ClosedRange<Int>,
    tokenCount: Int
  ) {
    self.bytes = bytes
    self.lead = lead
    self.headings = headings
    self.pages = pages
    self.lines = lines
    self.tokenCount = tokenCount
  }
}

/// Counts as the model does.
package protocol TokenMeter: Sendable {
  /// The number of tokens of `text`, the end of text included.
  func count(_ text: String) -> Int
  /// Where the tokens of `text` begin, in its UTF-8 bytes, in their order; perhaps inside a scalar.
  func tokenStarts(of text: String) -> [Int]
}

extension TextTokenizer: TokenMeter {
  /// Where NFC changed the text, the first token has all bytes of the stretch and the others have none: they
  /// begin at even distances here. A run of marks is one such stretch, of any length.
  package func tokenStarts(of text: String) -> [Int] {
    var tokens = tokens(of: text)[...]
    if endOfText != nil { tokens = tokens.dropLast() }
    var starts: [Int] = []
    starts.reserveCapacity(tokens.count)
    var first = tokens.startIndex
    while first < tokens.endIndex {
      let bytes = tokens[first].bytes
      var end = first + 1
      while end < tokens.endIndex, tokens[end].bytes.isEmpty { end += 1 }
      for index in 0..<end - first { starts.append(bytes.lowerBound + index * bytes.count / (end - first)) }
      first = end
    }
    return starts
  }
}

/// How documents are cut.
package struct ChunkingOptions: Sendable, Equatable {
  package enum Method: Sendable, Equatable {
    /// By headings, and inside a section by paragraphs, list items, rows, sentences, clauses and tokens.
    case structure
    /// A page each, cut further only where it is too long; as ``structure`` where there are no pages.
    case page
    /// The whole document, cut only where it is too long.
    case whole
    /// As LangChain's RecursiveCharacterTextSplitter: sizes in characters (Unicode scalars).
    case langchain(size: Int, overlap: Int)
  }

  package var method: Method
  /// The most tokens of a piece, with its lead and the end of text.
  package var tokens: Int
  /// The share of a piece that may repeat the one before, inside a section, in percent.
  package var overlapPercent: Int

  package init(method: Method = .structure, tokens: Int = 400, overlapPercent: Int = 15) {
    self.method = method
    self.tokens = tokens
    self.overlapPercent = overlapPercent
  }

  /// The least number of tokens: heading, a token of text and the end of text need room.
  package static let minimumTokens = 16

  /// Raised whenever the same document is cut otherwise.
  package static let version = 2

  /// `structure 400 15`, as a base remembers it.
  package var settings: String { "\(methodName) \(tokens) \(overlapPercent)" }

  /// The inverse of ``settings``.
  package init?(settings: String) {
    let parts = settings.split(separator: " ").map(String.init)
    guard parts.count == 3, let tokens = Int(parts[1]), let overlap = Int(parts[2]),
      let method = Method(name: parts[0])
    else { return nil }
    self.init(method: method, tokens: tokens, overlapPercent: overlap)
  }

  package var methodName: String {
    switch method {
    case .structure: "structure"
    case .page: "page"
    case .whole: "whole"
    case .langchain(let size, let overlap): "langchain:\(size):\(overlap)"
    }
  }
}

extension ChunkingOptions.Method {
  fileprivate init?(name: String) {
    switch name {
    case "structure": self = .structure
    case "page": self = .page
    case "whole": self = .whole
    default:
      let parts = name.split(separator: ":")
      guard parts.count == 3, parts[0] == "langchain", let size = Int(parts[1]), let overlap = Int(parts[2])
      else { return nil }
      self = .langchain(size: size, overlap: overlap)
    }
  }
}
