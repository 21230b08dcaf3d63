import ArgumentParser
import TouchstoneServer

/// What one request and all of them together may ask of a service.
struct ServiceLimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The most bytes of a request's body.", valueName: "n"))
  var maxBodyBytes = Limits().bodyBytes

  @Option(help: ArgumentHelp("The most inputs of one request.", valueName: "n"))
  var maxInputs = Limits().inputsPerRequest

  @Option(help: ArgumentHelp("The most tokens of one input. (default: the model's context)", valueName: "n"))
  var maxTokens: Int?

  @Option(help: ArgumentHelp("The most tokens of one request.", valueName: "n"))
  var maxRequestTokens = Limits().tokensPerRequest

  @Option(help: ArgumentHelp("The most tokens that wait, of all requests.", valueName: "n"))
  var maxQueuedTokens = Limits().queuedTokens

  @Option(help: ArgumentHelp("The most requests served at once.", valueName: "n"))
  var maxRequests = Limits().concurrentRequests

  @Option(help: ArgumentHelp("The most connections.", valueName: "n"))
  var maxConnections = Limits().connections

  @Option(help: ArgumentHelp("The most memory of all requests and answers, in MiB.", valueName: "n"))
  var maxRequestMemory = Limits().requestMemoryBytes >> 20

  @Option(
    help: ArgumentHelp("Memory for the vectors of repeated texts, in MiB; 0 for no cache.", valueName: "n"))
  var cacheMb = 0

  @Option(help: ArgumentHelp("How many tokens of long texts go through the model together.", valueName: "n"))
  var batchTokens = SchedulingPolicy().longPassTokens

  @Option(help: ArgumentHelp("Seconds that a connection may be idle, or send its header.", valueName: "s"))
  var idleTimeout = 60

  @Option(help: ArgumentHelp("Seconds in which a body must arrive.", valueName: "s"))
  var bodyTimeout = 60

  @Option(help: ArgumentHelp("Seconds in which a client must read its answer.", valueName: "s"))
  var answerTimeout = 60

  @Option(help: ArgumentHelp("Seconds that a request may wait and compute.", valueName: "s"))
  var requestTimeout = 600

  @Option(help: ArgumentHelp("Seconds to finish accepted requests at shutdown.", valueName: "s"))
  var shutdownTimeout = 30

  func validate() throws {
    for (name, value) in [
      ("max-body-bytes", maxBodyBytes), ("max-inputs", maxInputs), ("max-request-tokens", maxRequestTokens),
      ("max-tokens", maxTokens ?? 1), ("max-queued-tokens", maxQueuedTokens), ("max-requests", maxRequests),
      ("max-connections", maxConnections), ("max-request-memory", maxRequestMemory),
      ("batch-tokens", batchTokens), ("idle-timeout", idleTimeout), ("body-timeout", bodyTimeout),
      ("answer-timeout", answerTimeout), ("request-timeout", requestTimeout),
      ("shutdown-timeout", shutdownTimeout),
    ] where !(1...1 << 40).contains(value) {
      throw ValidationError("--\(name) must be from 1 to 2^40, found \(value).")
    }
    guard (0...1 << 20).contains(cacheMb) else {
      throw ValidationError("--cache-mb must be from 0 to 1048576, found \(cacheMb).")
    }
  }

  func apply(to settings: inout ServiceSettings) {
    settings.cacheBytes = cacheMb << 20
    settings.scheduling.longPassTokens = batchTokens
    settings.limits.bodyBytes = maxBodyBytes
    settings.limits.inputsPerRequest = maxInputs
    settings.limits.tokensPerInput = maxTokens
    settings.limits.tokensPerRequest = maxRequestTokens
    settings.limits.queuedTokens = maxQueuedTokens
    settings.limits.concurrentRequests = maxRequests
    settings.limits.connections = maxConnections
    settings.limits.requestMemoryBytes = maxRequestMemory << 20
    settings.limits.idleTimeout = .seconds(idleTimeout)
    settings.limits.bodyTimeout = .seconds(bodyTimeout)
    settings.limits.answerTimeout = .seconds(answerTimeout)
    settings.limits.requestTimeout = .seconds(requestTimeout)
    settings.limits.shutdownTimeout = .seconds(shutdownTimeout)
  }
}
