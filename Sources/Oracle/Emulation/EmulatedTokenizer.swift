import GGUF
import Touchstone

/// Text to ids under any ``TokenizationRule``. Without a deviation it is the tokenizer of the engine.
final class EmulatedTokenizer {
  let reference: TextTokenizer
  private let metadata: Metadata
  private var loadedRanks: MergeRanks?
  /// By pattern: reading one takes longer than matching it.
  private var regexes: [String: Regex<AnyRegexOutput>] = [:]

  init(reference: TextTokenizer, metadata: Metadata) {
    self.reference = reference
    self.metadata = metadata
  }

  private func ranks() throws(GGUFError) -> MergeRanks {
    if let loadedRanks { return loadedRanks }
    let ranks = try MergeRanks(metadata)
    loadedRanks = ranks
    return ranks
  }

  /// The ids of the text alone: nothing in front, nothing at the end.
  func ids(_ text: String, _ rule: TokenizationRule) throws(GGUFError) -> [Int32] {
    if rule == .reference { return reference.tokenIDs(of: text, endOfText: false) }
    if rule == .ofStrangers { return reference.plainTokenIDs(of: text) }
    return try plainIDs(text, rule)
  }

  /// The same by ``MergeRanks`` and regular expressions, also for the reference's own rule.
  func plainIDs(_ text: String, _ rule: TokenizationRule) throws(GGUFError) -> [Int32] {
    let ranks = try ranks()
    var ids: [Int32] = []
    for segment in segments(of: text, added: rule.parsesAddedTokens ? ranks.addedTokens : []) {
      switch segment {
      case .token(let id): ids.append(id)
      case .text(let text):
        for piece in pieces(of: rule.normalizes ? composed(text) : text, rule.split) {
          ids += ranks.ids(ofPiece: piece)
        }
      }
    }
    return ids
  }

  /// The ids of the text's single bytes.
  func byteIDs(_ text: String) throws(GGUFError) -> [Int32] { try ranks().byteIDs(text) }

  func decoded(_ ids: [Int32]) -> String { (try? reference.decode(ids)) ?? "" }

  /// NFC, as the engine's own tokenizer has it: what its ids stand for.
  private func composed(_ text: String) -> String { decoded(reference.tokenIDs(of: text, endOfText: false)) }

  private enum Segment {
    case text(String)
    case token(Int32)
  }

  /// The text between added tokens, and these: the leftmost, among those the longest.
  private func segments(of text: String, added: [(text: String, id: Int32)]) -> [Segment] {
    var segments: [Segment] = []
    var plain = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let first = rest.first {
      if let match = added.first(where: { rest.starts(with: $0.text.unicodeScalars) }) {
        if !plain.isEmpty { segments.append(.text(String(plain))) }
        plain = String.UnicodeScalarView()
        segments.append(.token(match.id))
        rest = rest.dropFirst(match.text.unicodeScalars.count)
      } else {
        plain.append(first)
        rest = rest.dropFirst()
      }
    }
    if !plain.isEmpty { segments.append(.text(String(plain))) }
    return segments
  }

  private func pieces(of text: String, _ rule: SplitRule) -> [Substring] {
    rule.patterns.reduce([text[...]]) { pieces, pattern in
      let regex = regex(pattern)
      return pieces.flatMap { Self.split($0, regex) }
    }
  }

  private func regex(_ pattern: String) -> Regex<AnyRegexOutput> {
    if let known = regexes[pattern] { return known }
    guard let regex = try? Regex(pattern).matchingSemantics(.unicodeScalar) else {
      preconditionFailure("the patterns are constants, and tested")
    }
    regexes[pattern] = regex
    return regex
  }

  /// The matches of a pattern, and what lies between them.
  private static func split(_ text: Substring, _ regex: Regex<AnyRegexOutput>) -> [Substring] {
    var pieces: [Substring] = []
    var position = text.startIndex
    for match in text.matches(of: regex) where !match.range.isEmpty {
      if position < match.range.lowerBound { pieces.append(text[position..<match.range.lowerBound]) }
      pieces.append(text[match.range])
      position = match.range.upperBound
    }
    if position < text.endIndex { pieces.append(text[position...]) }
    return pieces
  }
}
