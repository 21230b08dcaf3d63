import Touchstone

/// An inspection as tables for people. Names from the file are shown on one line, control characters visible.
package struct InspectionText {
  private let inspection: ModelInspection
  private let width: Int?

  /// - Parameter width: the columns of the terminal, or nil to leave lines whole.
  package init(_ inspection: ModelInspection, width: Int?) {
    self.inspection = inspection
    self.width = width
  }

  package var summary: String {
    var text = DisplayText.oneLine(inspection.path) + "\n\n"
    for (label, value) in facts {
      text += cut("  \(DisplayText.padded(label, to: 16))  \(DisplayText.oneLine(value))")
    }
    if !inspection.blockFormats.isEmpty { text += "\n" + formatTable }
    let warnings = inspection.furtherWarnings
    if !inspection.errors.isEmpty || !warnings.isEmpty { text += "\n" }
    for error in inspection.errors { text += "error: \(DisplayText.oneLine(error))\n" }
    for warning in warnings { text += "warning: \(DisplayText.oneLine(warning.description))\n" }
    return text
  }

  private var facts: [(String, String)] {
    let shape = inspection.shape
    let vocabulary = inspection.vocabulary
    var facts: [(String, String)] = []
    func add(_ label: String, _ value: String?) { facts.append((label, value ?? "not stated")) }
    add("architecture", inspection.architecture)
    add("name", inspection.name)
    add("kind", kind)
    let parts = inspection.partCount == 1 ? "" : " in \(inspection.partCount) parts"
    add(
      "file",
      "\(Decimal.grouped(inspection.byteCount)) bytes\(parts), GGUF version \(inspection.formatVersion)")
    add("parameters", inspection.tensors.isEmpty ? "none" : Decimal.grouped(inspection.parameterCount))
    add("layers", shape.layerCount.map(Decimal.grouped))
    add("hidden size", shape.hiddenSize.map(Decimal.grouped))
    add("feed-forward", shape.feedForwardSize.map(Decimal.grouped))
    add("heads", heads)
    if shape.isCausal == false { add("attention", "bidirectional: every token sees the whole text") }
    add("context length", shape.contextLength.map { "\(Decimal.grouped($0)) tokens" })
    if let scaling { add("rope scaling", scaling) }
    add("rope theta", shape.ropeTheta.map { "\($0)" })
    add("norm epsilon", shape.normEpsilon.map { "\($0)" })
    add("pooling", inspection.pooling)
    add("tokenizer", [vocabulary.model, vocabulary.splitting].compactMap(\.self).joined(separator: ", "))
    add("vocabulary", vocabularySize)
    add("end of text", endOfText)
    return facts
  }

  private var kind: String {
    switch inspection.kind {
    case .embedding: "embedding model"
    case .vocabulary: "vocabulary"
    case .companion(.adapter): "adapter (LoRA)"
    case .companion(.importanceMatrix): "importance matrix"
    case .companion(.projector): "projector"
    case .other: "not known"
    case .reranker(nil): "reranker, without a head that can be used"
    case .reranker(let head?): "reranker, yes and no from \(head.rows)"
    }
  }

  private var heads: String? {
    let shape = inspection.shape
    guard let heads = shape.headCount else { return nil }
    let groups = shape.keyValueHeadCount.map { ", \($0) of keys and values" } ?? ""
    return "\(heads)\(groups)" + (shape.headDimension.map { ", of \($0) components" } ?? "")
  }

  /// How the context came to be longer than that of the first training.
  private var scaling: String? {
    switch inspection.ropeScaling {
    case nil, RotaryScaling.none?: nil
    case .linear(let factor)?: "linear: positions are divided by \(factor)"
    case .yarn(let yarn)?:
      "yarn: a context of \(Decimal.grouped(yarn.originalContextLength)) tokens, stretched by \(yarn.factor)"
    }
  }

  private var vocabularySize: String? {
    let vocabulary = inspection.vocabulary
    guard let tokens = vocabulary.tokenCount else { return nil }
    return "\(Decimal.grouped(tokens)) tokens"
      + (vocabulary.mergeCount.map { ", \(Decimal.grouped($0)) merges" } ?? "")
  }

  private var endOfText: String? {
    let vocabulary = inspection.vocabulary
    guard let token = vocabulary.endOfText else { return nil }
    let appended =
      switch vocabulary.appendsEndOfText {
      case true?: "appended to every text"
      case false?: "not appended"
      case nil: "not stated whether appended"
      }
    return "\(token.id)\(token.text.map { " \($0)" } ?? ""), \(appended)"
  }

  private var formatTable: String {
    var text = "  format    tensors      parameters            bytes  bits each\n"
    for format in inspection.blockFormats {
      text += "  " + DisplayText.padded(format.name, to: 8)
      text += DisplayText.rightAligned(Decimal.grouped(format.tensorCount), to: 9)
      text += DisplayText.rightAligned(Decimal.grouped(format.parameterCount), to: 16)
      text += DisplayText.rightAligned(Decimal.grouped(format.byteCount), to: 17)
      text += Decimal.text(format.bitsPerParameter, digits: 2, width: 11)
      text += format.isSupported ? "\n" : "  not supported\n"
    }
    return text
  }

  package var tensorList: String {
    let nameWidth = inspection.tensors.reduce(0) {
      max($0, DisplayText.width(of: DisplayText.oneLine($1.name)))
    }
    return inspection.tensors.map { tensor in
      let shape = tensor.shape.map(String.init).joined(separator: " × ")
      return cut(
        DisplayText.padded(DisplayText.oneLine(tensor.name), to: nameWidth) + "  "
          + DisplayText.padded(tensor.format, to: 8)
          + DisplayText.rightAligned(Decimal.grouped(tensor.byteCount), to: 15)
          + "  " + shape)
    }.joined()
  }

  package var metadataList: String {
    inspection.metadata.map { fact in
      cut("\(DisplayText.oneLine(fact.key)) = \(DisplayText.oneLine(Self.text(fact.value)))  (\(fact.type))")
    }.joined()
  }

  private static func text(_ value: MetadataFact.Value) -> String {
    switch value {
    case .integer(let value): return "\(value)"
    case .unsigned(let value): return "\(value)"
    case .float(let value): return "\(value)"
    case .float32(let value): return "\(value)"
    case .bool(let value): return "\(value)"
    case .string(let value): return DisplayText.cut(value, to: 200)
    case .array(let first, let count):
      let more = count > first.count ? ["… \(Decimal.grouped(count)) in all"] : []
      return "[" + (first.map(text) + more).joined(separator: ", ") + "]"
    }
  }

  private func cut(_ line: String) -> String {
    (width.map { DisplayText.cut(line, to: $0) } ?? line) + "\n"
  }
}

extension RerankerHead {
  fileprivate var rows: String {
    switch self {
    case .classifier(_, nil): "the one row of \(tensorName)"
    case .classifier(let yes, let no?), .output(let yes, let no), .tiedEmbedding(let yes, let no):
      "rows \(yes) and \(no) of \(tensorName)"
    }
  }
}
