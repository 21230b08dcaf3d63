import JSON
import Touchstone

/// The body of text-embeddings-inference's `/tokenize`.
package struct TEITokenizeRequest: Equatable, Sendable {
  package var model: String?
  package var texts: [String]
  package var addsSpecialTokens: Bool
  package var role: EmbeddingRole?

  package init(_ fields: RequestFields) throws(ServiceError) {
    model = try fields.string("model")
    let inputs = try fields.required("inputs", fields["inputs"])
    if case .string(let text) = inputs {
      texts = [text]
    } else {
      texts = try fields.strings("inputs") ?? []
    }
    addsSpecialTokens = try fields.bool("add_special_tokens") ?? true
    role = try fields.role()
  }
}

/// The body of text-embeddings-inference's `/decode`.
package struct TEIDecodeRequest: Equatable, Sendable {
  package var model: String?
  package var ids: [[Int32]]
  package var skipsSpecialTokens: Bool

  package init(_ fields: RequestFields) throws(ServiceError) {
    model = try fields.string("model")
    let value = try fields.required("ids", fields["ids"])
    guard case .array(let elements) = value else {
      throw fields.mismatch("ids", needed: "an array of token ids or an array of such arrays", found: value)
    }
    guard let first = elements.first else { throw fields.invalid("ids", "must have at least one element") }
    if case .number = first {
      ids = [try fields.tokenIDs("ids", elements)]
    } else {
      ids = []
      for (index, element) in elements.enumerated() {
        guard case .array(let inner) = element else {
          throw fields.mismatch("ids[\(index)]", needed: "an array of token ids", found: element)
        }
        ids.append(try fields.tokenIDs("ids[\(index)]", inner))
      }
    }
    skipsSpecialTokens = try fields.bool("skip_special_tokens") ?? true
  }
}
