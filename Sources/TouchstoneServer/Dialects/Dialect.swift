/// The protocols that clients speak. The path of a request tells which.
package enum Dialect: Sendable, Equatable {
  case openAI
  /// The service's own paths: health, metrics, the page.
  case plain

  package init(path: String) {
    if path.hasPrefix("/v1/") {
      self = .openAI
    } else {
      self = .plain
    }
  }

  /// What a client of this dialect gets to see of an error.
  package func answer(to error: ServiceError) -> Answer {
    switch self {
    case .openAI: OpenAIError.answer(to: error)
    case .plain: PlainError.answer(to: error)
    }
  }
}
