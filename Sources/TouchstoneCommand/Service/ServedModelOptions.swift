import ArgumentParser
import TouchstoneServer

/// Which models a service has, and by which names.
struct ServedModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A GGUF file to serve, of Qwen3-Embedding or Qwen3-Reranker, with a name or without: PATH or NAME=PATH. Repeat it for several models. (default: as elsewhere)",
      valueName: "model"))
  var model: [String] = []

  @Option(
    help: ArgumentHelp("Another name for the first model. Repeat it for several.", valueName: "name"))
  var alias: [String] = []

  @Option(
    help: ArgumentHelp("How many threads compute. (default: as many as the process may use)", valueName: "n"))
  var threads: Int?

  func validate() throws {
    try CountRange.check("threads", threads, CountRange.threads)
  }

  var definitions: [ModelDefinition] {
    get throws {
      var definitions =
        model.isEmpty
        ? [ModelDefinition(path: try ModelLocator.locate(nil))] : model.map { ModelDefinition($0) }
      definitions[0].aliases = alias
      return definitions
    }
  }
}
