import ArgumentParser
import Touchstone

/// Which reranker, and how much of the machine it may use.
struct RerankModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The GGUF file of a Qwen3-Reranker, or the first part of a split one. (default: $TOUCHSTONE_RERANK_MODEL)",
      valueName: "path"))
  var model: String?

  @OptionGroup var compute: ComputeOptions

  func load() throws -> RerankModel {
    try RerankModel.load(
      try ModelLocator.locateReranker(model), threads: compute.threads,
      multiplication: compute.multiply)
  }
}

/// How documents become scores.
struct ScoringOptions: ParsableArguments {
  @Option(help: "The precision of the activations that meet the weights.")
  var activations = RerankOptions().activations

  @Option(
    help: ArgumentHelp(
      "The most tokens of one document with query and prompt. (default: the model's context length)",
      valueName: "n"))
  var maxTokens: Int?

  @Option(
    help: "Treatment of a longer document: an error, or cut off its end (right) or its beginning (left).")
  var truncate = Truncation.error

  @Option(
    help: ArgumentHelp(
      "How many tokens go through the model together: memory, never the scores, depends on it.",
      valueName: "n"))
  var batchTokens = RerankOptions().batchTokens

  func validate() throws {
    for (name, value) in [("max-tokens", maxTokens), ("batch-tokens", batchTokens)] {
      try CountRange.check(name, value)
    }
  }

  var rerankOptions: RerankOptions {
    var options = RerankOptions()
    options.activations = activations
    options.maximumTokens = maxTokens
    options.truncation = truncate
    options.batchTokens = batchTokens
    return options
  }
}
