import Tokenization
import Touchstone

/// A text as the model reads it: the tokens with their bytes, and how the text became them.
package struct TokenView: Sendable {
  package struct Token: Sendable, Equatable {
    package let id: Int32
    /// What the token stands for, which may be part of a character.
    package let bytes: [UInt8]
    /// Whether it is an added token: found as a whole, or put around the text.
    package let isSpecial: Bool

    /// With U+FFFD for what is part of a character.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// A stretch of the text whose ends no merge crosses.
  package struct Piece: Sendable, Equatable {
    package let bytes: [UInt8]
    /// The numbers of its tokens in ``TokenView/tokens``.
    package let tokens: Range<Int>
    package let isSpecial: Bool

    package var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  package let tokens: [Token]
  /// In order; tokens that are put around the text belong to none. None of ids that no single text stands
  /// behind.
  package let pieces: [Piece]
  package let changes: [TokenizationHistory.Change]
  /// How many of the tokens were put before the text, and after it.
  package let added: (before: Int, after: Int)
}

extension TokenView {
  /// What a reader sees of each token. A letter of several tokens is shown at the first of them, and `″` at
  /// the others.
  package var labels: [String] {
    var labels: [String] = []
    var open: (first: Int, bytes: [UInt8])?
    for (index, token) in tokens.enumerated() {
      let bytes = (open?.bytes ?? []) + token.bytes
      labels.append(open == nil ? token.text : "″")
      if let text = String(validating: bytes, as: UTF8.self) {
        labels[open?.first ?? index] = text
        open = nil
      } else if index - (open?.first ?? index) < 8 {
        // What is known so far, until the letter is whole.
        open = (open?.first ?? index, bytes)
      } else {
        open = nil
      }
    }
    return labels
  }

  /// - Parameters:
  ///   - text: with its instruction.
  ///   - ids: the tokens that go through the model, the text's own or fewer of them.
  package init(_ text: String, ids: [Int32], _ tokenizer: TextTokenizer) {
    let whole = tokenizer.tokenIDs(of: text)
    guard whole == ids else {
      self.init(ids: ids, tokenizer)
      return
    }
    let history = tokenizer.tokenizer.history(of: text)
    let added = tokenizer.configuredTokenCounts
    var special = Set(ids.indices.prefix(added.before)).union(ids.indices.suffix(added.after))
    var pieces: [Piece] = []
    var next = added.before
    for part in history.parts {
      switch part {
      case .added(_, let bytes):
        special.insert(next)
        pieces.append(Piece(bytes: bytes, tokens: next..<next + 1, isSpecial: true))
        next += 1
      case .piece(let bytes, let tokens):
        pieces.append(Piece(bytes: bytes, tokens: next..<next + tokens.count, isSpecial: false))
        next += tokens.count
      }
    }
    let tokens = ids.enumerated().map { index, id in
      Token(id: id, bytes: tokenizer.pieceBytes(id) ?? [], isSpecial: special.contains(index))
    }
    self.init(tokens: tokens, pieces: pieces, changes: history.changes, added: added)
  }

  /// Complete ids, such as a reranker's prompt or a text that was cut.
  private init(ids: [Int32], _ tokenizer: TextTokenizer) {
    let vocabulary = tokenizer.tokenizer.vocabulary
    let tokens = ids.map { id in
      let type = vocabulary.type(of: Int(id))
      return Token(
        id: id, bytes: tokenizer.pieceBytes(id) ?? [], isSpecial: type == .control || type == .userDefined)
    }
    self.init(tokens: tokens, pieces: [], changes: [], added: (0, 0))
  }
}

/// The merges of one piece, from its bytes to its tokens.
package struct MergeView: Sendable, Equatable {
  package struct Step: Sendable, Equatable {
    package let rank: Int
    package let left: [UInt8]
    package let right: [UInt8]
    package let id: Int32
    /// The piece after the step.
    package let tokens: [[UInt8]]
  }

  /// Longer pieces have no steps here: there would be too many to read.
  package static let byteLimit = 64

  /// The number of the piece in ``TokenView/pieces``.
  package let piece: Int
  package let bytes: [UInt8]
  package let steps: [Step]

  /// - Returns: nil for an added token, which is never merged.
  package init?(piece: Int, of view: TokenView, _ tokenizer: TextTokenizer) {
    let chosen = view.pieces[piece]
    guard !chosen.isSpecial else { return nil }
    func bytes(_ token: TokenID) -> [UInt8] { tokenizer.pieceBytes(Int32(bitPattern: token)) ?? [] }
    self.piece = piece
    self.bytes = chosen.bytes
    steps = tokenizer.tokenizer.mergeSteps(ofPiece: chosen.bytes, byteLimit: Self.byteLimit).map { step in
      Step(
        rank: step.rank, left: bytes(step.left), right: bytes(step.right),
        id: Int32(bitPattern: step.result), tokens: step.tokens.map(bytes))
    }
  }

  /// The piece that shows most: the one with the most merges, and of those the first.
  package static func mostInstructive(of view: TokenView) -> Int? {
    view.pieces.indices.filter { !view.pieces[$0].isSpecial }.max { a, b in
      (mergeCount(view.pieces[a]), b) < (mergeCount(view.pieces[b]), a)
    }
  }

  private static func mergeCount(_ piece: TokenView.Piece) -> Int {
    piece.bytes.count > byteLimit ? 0 : piece.bytes.count - piece.tokens.count
  }
}
