import ArgumentParser
import TouchstoneServer

/// Which models a service has, and by which names.
struct ServedModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A GGUF file to serve, or a name that touchstone models lists: MODEL or NAME=MODEL. Repeat it for several models. (default: as elsewhere)",
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
        ? [ModelDefinition(path: try ModelLocator.locate(nil))] : try model.map { try definition($0) }
      definitions[0].aliases = alias
      return definitions
    }
  }

  /// A model that the command line calls by a name of ``ModelStore`` is served under that name.
  private func definition(_ argument: String) throws -> ModelDefinition {
    let given = ModelDefinition(argument)
    let path = try ModelLocator.resolve(given.path)
    guard path != given.path else { return given }
    return ModelDefinition(name: given.name ?? given.path, path: path)
  }
}
