/// One question to the other side: a text or token ids, and how its vector is asked for.
package struct Probe: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    case document(String)
    /// Sent as `Instruct: {task}\nQuery:{text}`.
    case query(String, task: String)
    /// The ids of a text as the reference tokenizes it, without the end of text.
    case tokenIDs(of: String)
    /// The ids of a text cut into single bytes: ids that no tokenizer gives, so that tokenizing again shows.
    case byteTokenIDs(of: String)
    /// For rerankers. Without an instruction the model's default is meant.
    case pair(query: String, document: String, instruction: String?)
  }

  /// What a probe is good for; the search begins with the plain ones.
  package enum Kind: String, Sendable {
    case plain, query, whiteSpace, normalization, splitting, specialTokens, script, length, dimensions,
      tokenIDs,
      repetition
  }

  /// Stable, and the only thing that reports say of a probe's content.
  package let name: String
  package let kind: Kind
  package let content: Content
  /// The components that are asked for; nil: all.
  package var dimensions: Int?
  /// The probe whose text this one repeats, to see whether the same text has the same vector.
  package var repeated: String?

  package init(
    name: String, kind: Kind, content: Content, dimensions: Int? = nil, repeated: String? = nil
  ) {
    self.name = name
    self.kind = kind
    self.content = content
    self.dimensions = dimensions
    self.repeated = repeated
  }
}

extension Probe {
  /// The text that is sent, or nil where token ids are. Of a pair, query and document, a line each.
  package var sentText: String? {
    switch content {
    case .document(let text): text
    case .query(let text, let task): "Instruct: \(task)\nQuery:\(text)"
    case .pair(let query, let document, _): "\(query)\n\(document)"
    case .tokenIDs, .byteTokenIDs: nil
    }
  }

  /// A text, query or document without anything in it, which services may refuse.
  var isEmpty: Bool {
    switch content {
    case .document(let text): text.allSatisfy(\.isWhitespace)
    case .query(let text, _): text.isEmpty
    case .pair(let query, let document, _): query.isEmpty || document.isEmpty
    case .tokenIDs, .byteTokenIDs: false
    }
  }
}
