import Explanations
import JSON
import Touchstone
import TouchstoneServer

/// Explanations as part of a service: a route and a page.
package final class ExplanationExtension: ServiceExtension {
  private let limits: ExplanationLimits
  /// Of every model: computed for the first explanation.
  private let corpus = CorpusStates()

  package init(limits: ExplanationLimits = ExplanationLimits()) { self.limits = limits }

  package var schemas: [[UInt8]] { [PackageResources.ExplanationSchemas_json] }

  package func add(to routes: Routes) {
    ExplainRoute(service: routes.service, limits: limits, corpus: corpus).add(to: routes)
    ExplainPage.add(to: routes)
  }

  package func start(_ models: [ServedModel]) throws(ServiceStartError) {}

  package var status: [JSONValue.Member] { [.init("explain", .string("/explain"))] }

  package var startLines: [String] { [] }

  package func stop() async {}
}

/// How much one explanation may take of everybody's queue.
package struct ExplanationLimits: Sendable {
  /// The most tokens of one text: an observed pass keeps its rows in memory.
  package var tokens = 4096
  /// The most tokens of all shortened texts of one text, at each size. Longer texts have several words left
  /// out together.
  package var leftOutTokens = 65_536
  /// The most units of one text.
  package var units = 128

  package init() {}
}
