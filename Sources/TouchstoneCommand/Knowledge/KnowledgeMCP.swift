import ArgumentParser
import Knowledge
import KnowledgeService
import Touchstone

struct KnowledgeMCP: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mcp",
    abstract: "Serve a base to an agent over standard input and output.",
    discussion: """
      Speaks the Model Context Protocol, revisions 2024-11-05 to 2025-11-25 and 2026-07-28, with the tools query, get and \
      status. An agent starts it; in its settings:

        {"mcpServers": {"papers": {"command": "touchstone",
          "args": ["kb", "mcp", "/home/me/papers.base", "--model", "/home/me/Qwen3-Embedding-0.6B-Q8_0.gguf"]}}}

      The same over HTTP: touchstone serve --knowledge papers=BASE, at /mcp.
      """)

  @Argument(help: "The folder of the base.")
  var base: String

  @Option(help: ArgumentHelp("The GGUF file of a reranker that has the last word.", valueName: "path"))
  var rerank: String?

  @Option(
    help: ArgumentHelp(
      "Milliseconds that the reranker has for a question. (default: as long as it takes)", valueName: "ms"))
  var budgetMs: Int?

  @Flag(help: "Search by keywords only; no model is loaded.")
  var keywords = false

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    if let budgetMs {
      if rerank == nil { throw ValidationError("--budget-ms is about --rerank; add --rerank PATH.") }
      if budgetMs < 0 { throw ValidationError("--budget-ms must be at least 0, found \(budgetMs).") }
    }
  }

  mutating func run() async throws {
    let base = base
    try await explained {
      let store = try EmbeddedStore.reader(at: base)
      var loaded: KnowledgeModel?
      if !keywords {
        let settings = try BaseVectorSettings(activations: nil, dimensions: nil, of: store)
        let found = try model.loadKnowledgeModel(settings, store: store, progress: false).model
        guard found.identity.fingerprint == store.model.fingerprint else {
          throw KnowledgeError.otherModel(base: store.model, asked: found.identity)
        }
        loaded = found
      }
      let reranker = try rerank.map(model.loadKnowledgeReranker)
      let name = base.split(separator: "/").last.map(String.init) ?? base
      let access = BaseAccess(
        name: name, store: store, model: loaded, reranker: reranker,
        rerankBudget: budgetMs.map { .milliseconds($0) })
      await MCPStream(MCPServer { _ in [access] }).run()
    }
  }
}
