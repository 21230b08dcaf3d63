import JSON
import Touchstone

/// What a request asks to embed.
package struct RequestInputs: Equatable, Sendable {
  package var contents: [EmbeddingInput.Content]
  /// Whether the field was one input and not an array of inputs.
  package var isSingle: Bool

  package init(_ contents: [EmbeddingInput.Content], isSingle: Bool) {
    self.contents = contents
    self.isSingle = isSingle
  }
}

extension RequestFields {
  /// A text, an array of token ids, or an array of either.
  package func inputs(_ name: String) throws(ServiceError) -> RequestInputs {
    let value = try required(name, self[name])
    switch value {
    case .string(let text): return RequestInputs([.text(text)], isSingle: true)
    case .array(let elements):
      guard let first = elements.first else { throw invalid(name, "must have at least one input") }
      if case .number = first {
        return RequestInputs([.tokenIDs(try tokenIDs(name, elements))], isSingle: true)
      }
      var contents: [EmbeddingInput.Content] = []
      contents.reserveCapacity(elements.count)
      for (index, element) in elements.enumerated() {
        contents.append(try input("\(name)[\(index)]", element))
      }
      return RequestInputs(contents, isSingle: false)
    default:
      throw mismatch(name, needed: "a string, an array of token ids, or an array of these", found: value)
    }
  }

  /// One input: a text or token ids.
  package func input(_ name: String, _ value: JSONValue) throws(ServiceError) -> EmbeddingInput.Content {
    switch value {
    case .string(let text): .text(text)
    case .array(let elements): .tokenIDs(try tokenIDs(name, elements))
    default: throw mismatch(name, needed: "a string or an array of token ids", found: value)
    }
  }

  package func tokenIDs(_ name: String, _ elements: [JSONValue]) throws(ServiceError) -> [Int32] {
    var ids: [Int32] = []
    ids.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard case .number(let digits) = element, let id = Int32(digits), id >= 0 else {
        throw invalid("\(name)[\(index)]", "must be a token id, a whole number from 0 to \(Int32.max)")
      }
      ids.append(id)
    }
    return ids
  }
}
