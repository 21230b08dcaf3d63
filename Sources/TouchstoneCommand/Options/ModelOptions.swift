import ArgumentParser
import Touchstone

/// Which model, and how much of the machine it may use.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The GGUF file, or the first part of a split one. (default: $TOUCHSTONE_MODEL, else the model in the repository)",
      valueName: "path"))
  var model: String?

  @Option(
    help: ArgumentHelp("How many threads compute. (default: as many as the process may use)", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1, found \(threads).") }
  }

  func load() throws -> EmbeddingModel {
    try EmbeddingModel(path: ModelLocator.locate(model), threads: threads)
  }
}
