import JSON
import Touchstone

/// An inspection as one JSON object; what the file does not state is null.
package struct InspectionJSON {
  private let inspection: ModelInspection
  private let hasTensors: Bool
  private let hasMetadata: Bool

  package init(_ inspection: ModelInspection, tensors: Bool, metadata: Bool) {
    self.inspection = inspection
    hasTensors = tensors
    hasMetadata = metadata
  }

  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(json: .object(members))
    bytes.append("\n")
    return bytes
  }

  private var members: [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("path", .string(inspection.path)),
      .init("byteCount", .number(inspection.byteCount)),
      .init("partCount", .number(inspection.partCount)),
      .init("formatVersion", .number(inspection.formatVersion)),
      .init("architecture", .optional(inspection.architecture)),
      .init("name", .optional(inspection.name)),
      .init("kind", .string(kind)),
      .init("rankHead", rankHead),
      .init("parameterCount", .number(inspection.parameterCount)),
      .init("shape", shape),
      .init("pooling", .optional(inspection.pooling)),
      .init("tokenizer", tokenizer),
      .init("blockFormats", .array(inspection.blockFormats.map(Self.describe))),
      .init("errors", .array(inspection.errors.map { .string($0) })),
      .init("warnings", .array(inspection.furtherWarnings.map { .string($0.description) })),
    ]
    if hasTensors { members.append(.init("tensors", .array(inspection.tensors.map(Self.describe)))) }
    if hasMetadata { members.append(.init("metadata", .array(inspection.metadata.map(Self.describe)))) }
    return members
  }

  private var kind: String {
    switch inspection.kind {
    case .embedding: "embedding"
    case .reranker: "reranker"
    case .vocabulary: "vocabulary"
    case .companion(let kind): kind.rawValue
    case .other: "other"
    }
  }

  /// Where a reranker has the rows of its two answers; null for other files, and where it cannot be used.
  private var rankHead: JSONValue {
    guard case .reranker(let head?) = inspection.kind else { return .null }
    let (yes, no): (Int, Int?) =
      switch head {
      case .classifier(let yes, let no): (yes, no)
      case .output(let yes, let no), .tiedEmbedding(let yes, let no): (yes, no)
      }
    return .object([
      .init("tensor", .string(head.tensorName)), .init("yesRow", .number(yes)), .init("noRow", .optional(no)),
    ])
  }

  private var shape: JSONValue {
    let shape = inspection.shape
    return .object([
      .init("layerCount", .optional(shape.layerCount)),
      .init("contextLength", .optional(shape.contextLength)),
      .init("hiddenSize", .optional(shape.hiddenSize)),
      .init("feedForwardSize", .optional(shape.feedForwardSize)),
      .init("headCount", .optional(shape.headCount)),
      .init("keyValueHeadCount", .optional(shape.keyValueHeadCount)),
      .init("headDimension", .optional(shape.headDimension)),
      .init("isCausal", shape.isCausal.map(JSONValue.bool) ?? .null),
      .init("ropeTheta", .optional(shape.ropeTheta)),
      .init("ropeScaling", ropeScaling),
      .init("normEpsilon", .optional(shape.normEpsilon)),
    ])
  }

  private var ropeScaling: JSONValue {
    switch inspection.ropeScaling {
    case nil, RotaryScaling.none?: .null
    case .linear(let factor)?: .object([.init("type", .string("linear")), .init("factor", .number(factor))])
    case .yarn(let yarn)?:
      .object([
        .init("type", .string("yarn")), .init("factor", .number(yarn.factor)),
        .init("originalContextLength", .number(yarn.originalContextLength)),
      ])
    }
  }

  private var tokenizer: JSONValue {
    let vocabulary = inspection.vocabulary
    return .object([
      .init("model", .optional(vocabulary.model)),
      .init("splitting", .optional(vocabulary.splitting)),
      .init("tokenCount", .optional(vocabulary.tokenCount)),
      .init("mergeCount", .optional(vocabulary.mergeCount)),
      .init("endOfTextID", .optional(vocabulary.endOfText?.id)),
      .init("endOfText", .optional(vocabulary.endOfText?.text)),
      .init("appendsEndOfText", vocabulary.appendsEndOfText.map(JSONValue.bool) ?? .null),
      .init("prependsBeginningOfText", vocabulary.prependsBeginningOfText.map(JSONValue.bool) ?? .null),
    ])
  }

  private static func describe(_ format: BlockFormatUse) -> JSONValue {
    .object([
      .init("name", .string(format.name)),
      .init("tensorCount", .number(format.tensorCount)),
      .init("parameterCount", .number(format.parameterCount)),
      .init("byteCount", .number(format.byteCount)),
      .init("isSupported", .bool(format.isSupported)),
    ])
  }

  private static func describe(_ tensor: TensorFacts) -> JSONValue {
    .object([
      .init("name", .string(tensor.name)),
      .init("format", .string(tensor.format)),
      .init("shape", .array(tensor.shape.map { .number($0) })),
      .init("byteCount", .number(tensor.byteCount)),
      .init("part", .number(tensor.part)),
      .init("fileOffset", .number(tensor.fileOffset)),
    ])
  }

  private static func describe(_ fact: MetadataFact) -> JSONValue {
    var members: [JSONValue.Member] = [.init("key", .string(fact.key)), .init("type", .string(fact.type))]
    if case .array(let first, let count) = fact.value {
      members += [.init("count", .number(count)), .init("first", .array(first.map(value)))]
    } else {
      members.append(.init("value", value(fact.value)))
    }
    return .object(members)
  }

  private static func value(_ value: MetadataFact.Value) -> JSONValue {
    switch value {
    case .integer(let value): .number(value)
    case .unsigned(let value): .number(String(value))
    case .float(let value): .number(value)
    case .float32(let value): .number(value)
    case .bool(let value): .bool(value)
    case .string(let value): .string(value)
    case .array(let first, _): .array(first.map(Self.value))
    }
  }
}

extension JSONValue {
  fileprivate static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
  fileprivate static func optional(_ value: Int?) -> JSONValue { value.map { JSONValue.number($0) } ?? .null }
  fileprivate static func optional(_ value: Float?) -> JSONValue {
    value.map { JSONValue.number($0) } ?? .null
  }
}
