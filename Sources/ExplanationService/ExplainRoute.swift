import Explanations
import JSON
import Touchstone
import TouchstoneServer

/// `POST /v1/explain`: one text, or a query and documents, as an explanation.
struct ExplainRoute: Sendable {
  let service: InferenceService
  let limits: ExplanationLimits
  let corpus: CorpusStates

  /// Explanations tokenize many shortened texts and write much markup: they hold up only each other.
  private static let pool = WorkPool("touchstone.explanations", width: 2)

  func add(to routes: Routes) {
    routes.add(
      .post, "/v1/explain", .plain,
      "How a text becomes its vector, and which words carry its match with a document.",
      takes: "ExplainRequest", gives: "Explanation", statuses: [400, 404, 413, 500], on: Self.pool
    ) { request in try await answer(request) }
  }

  private func answer(_ request: ServiceRequest) async throws -> Answer {
    let wanted = try ExplainRequest(request.body, service.settings, limits)
    let served = try service.registry.model(named: wanted.model, for: .embedding).model
    var explained = wanted.request
    explained.maximumTokens = min(limits.tokens, service.longestInput(of: served.model.configuration))
    // Shares of attention as numbers and as text, for the longest text.
    let configuration = served.model.configuration
    try request.caller.memory?.grow(by: 32 * configuration.layerCount * limits.tokens)
    do {
      let explanation = try await Explanation(
        explained, ScheduledPasses(service: service, model: served.model, caller: request.caller),
        corpus: corpus)
      return Answer(json: Self.json(explanation, served.name, hasMarkup: wanted.hasMarkup))
    } catch let error as TouchstoneError {
      throw Self.serviceError(error, isReranker: served.task == .reranking)
    }
  }

  private static func json(
    _ explanation: Explanation, _ name: String, hasMarkup: Bool
  ) -> JSONValue {
    guard case .object(let members) = explanation.json else { return explanation.json }
    let named = members.map { $0.key == "model" ? JSONValue.Member("model", .string(name)) : $0 }
    guard hasMarkup else { return .object(named) }
    return .object(named + [.init("markup", .string(ExplanationMarkup(explanation).sections))])
  }

  private static func serviceError(_ error: TouchstoneError, isReranker: Bool) -> ServiceError {
    switch error {
    case .inputTooLong(let index, let tokens, let limit):
      let document = isReranker ? index : index - 1
      let subject = document < 0 ? "text" : "documents[\(document)]"
      return .inputTooLong(
        .init(subject: subject, parameter: subject, size: .tokens(tokens), limit: limit))
    case .queryTooLong, .noTokens: return .invalid(parameter: "text", error.description)
    case .invalidOption(let sentence): return .invalid(parameter: "options", sentence)
    default: return .engine(error.description)
    }
  }
}
