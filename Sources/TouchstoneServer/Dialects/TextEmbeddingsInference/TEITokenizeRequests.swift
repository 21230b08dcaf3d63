import JSON
import Touchstone

/// The body of text-embeddings-inference's `/tokenize`.
package struct TEITokenizeRequest: Equatable, Sendable {
  package var model: String?
  package var texts: [String]
  package var addsSpecialTokens: Bool
  package var role: EmbeddingRole

  package init(_ body: RequestBody, queryRole: EmbeddingRole) throws(ServiceError) {
    let fields = try RequestFields(body)
    fields.reportUnknown(besides: ["inputs", "model", "add_special_tokens"] + RequestFields.roleNames)
    model = try fields.string("model")
    texts = try fields.required("inputs", try fields.stringOrStrings("inputs"))
    addsSpecialTokens = try fields.bool("add_special_tokens") ?? true
    role = try fields.role(queryRole: queryRole)
  }
}

/// The body of text-embeddings-inference's `/decode`.
package struct TEIDecodeRequest: Equatable, Sendable {
  package var model: String?
  package var ids: [[Int32]]
  package var skipsSpecialTokens: Bool

  package init(_ body: RequestBody) throws(ServiceError) {
    let fields = try RequestFields(body)
    fields.reportUnknown(besides: ["ids", "model", "skip_special_tokens"])
    model = try fields.string("model")
    let value = try fields.required("ids", fields["ids"])
    if case .array(let elements) = value, case .array? = elements.first {
      ids = []
      for (index, element) in elements.enumerated() {
        ids.append(try RequestFields.tokenIDs("ids[\(index)]", element))
      }
    } else {
      ids = [try RequestFields.tokenIDs("ids", value)]
      if ids == [[]] { throw .invalid(parameter: "ids", "is empty") }
    }
    skipsSpecialTokens = try fields.bool("skip_special_tokens") ?? true
  }
}
