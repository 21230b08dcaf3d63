import ArgumentParser
import ExplanationService
import Touchstone
import TouchstoneServer

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve embeddings and rerank scores over HTTP.",
    discussion: """
      Takes connections at once, answers 503 until the models are loaded, and then prints its address. A request that \
      names no model gets the first model that can serve it. On a loopback address without keys, the service refuses \
      requests to other names and from pages of other origins; --allowed-host and --cors-origin admit them. SIGTERM \
      and Ctrl-C stop the service after it has answered every accepted request; a second one stops it at once.

        touchstone serve --model Qwen3-Embedding-0.6B-Q8_0.gguf
        touchstone serve --model small=a.gguf --model large=b.gguf \\
            --host 0.0.0.0 --port 8080
        touchstone serve --model embedder.gguf --model reranker.gguf
        touchstone serve --model embedder.gguf --knowledge papers=papers.base
        curl http://127.0.0.1:8080/v1/embeddings -d '{"input":"disk full"}'
      """)

  @OptionGroup(title: "Models") var models: ServedModelOptions
  @OptionGroup(title: "Address") var address: AddressOptions
  @OptionGroup(title: "Vectors") var vectors: ServiceVectorOptions
  @OptionGroup(title: "Limits") var limits: ServiceLimitOptions
  @OptionGroup(title: "Knowledge bases") var knowledge: KnowledgeServiceOptions
  @OptionGroup(title: "Operations") var operations: OperationsOptions

  mutating func run() async throws {
    // Before the keys are read: a hangup from then on is not lost.
    let (hangups, hangup) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    Interruption.onHangup { hangup.yield() }
    var configuration = ServiceConfiguration(models: try models.definitions)
    configuration.hangups = hangups
    configuration.threads = models.threads
    configuration.address = address.address
    configuration.settings = vectors.settings
    configuration.operations = try operations.operations(at: configuration.address)
    let logger = operations.logger
    configuration.logger = logger
    defer { LogWriter.standardError.flush(seconds: 1) }
    limits.apply(to: &configuration.settings)
    if let knowledge = try knowledge.knowledgeExtension { configuration.extensions.append(knowledge) }
    configuration.extensions.append(ExplanationExtension())
    let service = TouchstoneService(
      configuration, onServing: { report in for line in report.lines { logger.notice("\(line)") } },
      warn: { logger.warning("\($0)") })
    // Not a child task: a signal cancels this one, and the service is to end in order.
    let running = Task.detached { try await service.run() }
    try await withTaskCancellationHandler {
      do {
        try await running.value
      } catch let error as ServiceStartError where error.isUsage {
        throw CommandError.usage(error.description)
      } catch let error as ServiceStartError {
        throw CommandError.failure(error.description)
      }
    } onCancel: {
      Task.detached { await service.shutDown() }
    }
  }
}
