import JSON
import Touchstone

/// What becomes of an input that does not fit, in the words of several services.
extension RequestFields {
  /// `truncate`: true (the end is cut off), false, `right`, `left`, `error`, or NVIDIA's and Cohere's `END`,
  /// `START`, `NONE`. nil where absent.
  package func truncation() throws(ServiceError) -> Truncation? {
    guard let value = self["truncate"] else { return nil }
    switch value {
    case .bool(let isWanted): return isWanted ? .right : .error
    case .string: return try choice("truncate", Self.truncateWords)
    default: throw Self.mismatch("truncate", "true, false, 'right', 'left' or 'error'", value)
    }
  }

  static let truncateWords: [(word: String, value: Truncation)] =
    Truncation.allCases.map { ($0.rawValue, $0) } + [("NONE", .error), ("START", .left), ("END", .right)]

  /// ``truncation()``, of which `truncation_direction` says the end that `true` cuts off.
  package func directedTruncation() throws(ServiceError) -> Truncation? {
    let direction = try truncationDirection("truncation_direction")
    let truncation = try truncation()
    guard case .bool(true)? = self["truncate"], let direction else { return truncation }
    return direction
  }

  func truncationDirection(_ name: String) throws(ServiceError) -> Truncation? {
    try choice(name, [("right", Truncation.right), ("left", .left), ("Right", .right), ("Left", .left)])
  }

  /// The members that ``directedTruncation()`` reads.
  package static let truncationNames = ["truncate", "truncation_direction"]
}

/// How long an input may be, and what becomes of a longer one.
package struct LengthWish: Equatable, Sendable {
  /// nil: as many tokens as fit.
  package var maximumTokens: Int?
  /// nil: the service's policy.
  package var truncation: Truncation?

  /// The members that ``init(_:)`` reads.
  static let names =
    ["max_tokens", "truncation", "truncate_prompt_tokens", "truncation_side"] + RequestFields.truncationNames

  /// `truncate` and `max_tokens`; `truncation` of Voyage; `truncate_prompt_tokens` and `truncation_side` of
  /// vLLM, where −1 stands for what fits the model.
  init(_ fields: RequestFields) throws(ServiceError) {
    maximumTokens = try fields.integer("max_tokens")
    truncation = try fields.directedTruncation()
    if truncation == nil, let isWanted = try fields.bool("truncation") {
      truncation = isWanted ? .right : .error
    }
    let side = try fields.truncationDirection("truncation_side")
    guard let limit = try fields.integer("truncate_prompt_tokens", atLeast: -1) else { return }
    guard limit != 0 else {
      throw .invalid(parameter: "truncate_prompt_tokens", "must be -1 or at least 1, found 0")
    }
    if limit > 0 { maximumTokens = limit }
    truncation = side ?? truncation ?? .right
    if truncation == .error { truncation = .right }
  }
}
