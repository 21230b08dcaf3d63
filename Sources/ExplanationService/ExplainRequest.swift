import Explanations
import JSON
import Touchstone
import TouchstoneServer

/// The body of `POST /v1/explain`.
struct ExplainRequest {
  /// nil: the first embedding model.
  let model: String?
  let request: ExplanationRequest
  /// Whether the answer has the sections of a page too.
  let hasMarkup: Bool

  static let names = [
    "model", "text", "role", "instruction", "documents", "activations", "piece", "vectors", "markup",
  ]

  init(
    _ body: RequestBody, _ settings: ServiceSettings, _ limits: ExplanationLimits
  ) throws(ServiceError) {
    let fields = try RequestFields(body)
    fields.reportUnknown(besides: Self.names)
    model = try fields.string("model")
    let text = try fields.required("text", try fields.string("text"))
    let documents = try fields.stringOrStrings("documents") ?? []
    guard documents.count <= 2 else {
      throw .invalid(
        parameter: "documents",
        "has \(documents.count) texts, but at most 2 are compared; send the two in question")
    }
    try Self.check(text, "text", limits)
    for (index, document) in documents.enumerated() {
      try Self.check(document, "documents[\(index)]", limits)
    }
    let instruction = try fields.string("instruction")
    let isQuery =
      try fields.choice("role", [("query", true), ("document", false)])
      ?? (instruction != nil || !documents.isEmpty)
    var request = ExplanationRequest(
      text, as: isQuery ? .query(task: instruction ?? settings.queryTask) : .document,
      documents: documents)
    request.activations =
      try fields.choice("activations", ActivationPrecision.allCases.map { ($0.rawValue, $0) })
      ?? settings.activations
    request.pooling = settings.pooling
    request.piece = try fields.integer("piece", atLeast: 0)
    request.comparesVectors = try fields.bool("vectors") ?? true
    request.unitLimit = limits.units
    request.leftOutTokens = limits.leftOutTokens
    self.request = request
    hasMarkup = try fields.bool("markup") ?? false
  }

  /// Refuses what cannot be so few tokens before anybody spends time on it.
  private static func check(
    _ text: String, _ parameter: String, _ limits: ExplanationLimits
  ) throws(ServiceError) {
    // The longest tokens in use have some hundred bytes, all of them blanks or lines.
    let most = 32 * limits.tokens
    guard text.utf8.count <= most else {
      throw .invalid(
        parameter: parameter,
        "has \(text.utf8.count) bytes, but an explanation takes at most \(most); send the part in question")
    }
  }
}
