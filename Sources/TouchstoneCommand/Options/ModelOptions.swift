import ArgumentParser
import Touchstone

/// Which model, and how much of the machine it may use.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The GGUF file, the first part of a split one, or a name that touchstone models lists. (default: $TOUCHSTONE_MODEL, else the demonstration model)",
      valueName: "path"))
  var model: String?

  @OptionGroup var compute: ComputeOptions

  /// Loads the model, and says on standard error what is odd about its file.
  func load() throws -> EmbeddingModel {
    let model = try EmbeddingModel(
      path: ModelLocator.locate(model), threads: compute.threads, multiplication: compute.multiply)
    for warning in model.warnings { StandardError.say("warning: \(warning)") }
    return model
  }
}

/// How much of the machine a model may use, and by which multiply.
struct ComputeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("How many threads compute. (default: as many as the process may use)", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The multiply of float32 matrices: touchstone, or openblas as an independent check, whose bits are not promised. (default: $TOUCHSTONE_SGEMM, else touchstone)",
      valueName: "library"))
  var multiply: FloatMultiplication?

  func validate() throws { try CountRange.check("threads", threads, CountRange.threads) }
}

extension FloatMultiplication: ExpressibleByArgument {}
