import ArgumentParser
import Touchstone

/// How texts become vectors.
struct VectorOptions: ParsableArguments {
  @Option(help: "The precision of the activations that meet the weights.")
  var activations = EmbeddingOptions().activations

  @Option(
    help: ArgumentHelp(
      "Keep the first components only, then normalize (Matryoshka). (default: all)", valueName: "n"))
  var dimensions: Int?

  @Option(help: "How token states become a vector. (default: as the file says)")
  var pooling: Pooling?

  @Option(help: "Scale vectors to length 1, so that a dot product is a cosine, or leave them as they are.")
  var normalize = Normalization.l2

  @Option(
    help: ArgumentHelp(
      "The most tokens of one text, the end of text included. (default: the model's context length)",
      valueName: "n"))
  var maxTokens: Int?

  @Option(help: "Treatment of a longer text: an error, or cut off its end (right) or its beginning (left).")
  var truncate = Truncation.error

  @Option(
    help: ArgumentHelp(
      "How many tokens go through the model together: memory, never the vectors, depends on it.",
      valueName: "n"))
  var batchTokens = EmbeddingOptions().batchTokens

  func validate() throws {
    for (name, value) in [
      ("dimensions", dimensions), ("max-tokens", maxTokens), ("batch-tokens", batchTokens),
    ] {
      try CountRange.check(name, value)
    }
  }

  /// For commands that compare: one vector a text, of length 1.
  func requirePooling() throws {
    if pooling == Pooling.none {
      throw ValidationError("--pooling none gives many vectors a text; choose another.")
    }
    if normalize == .none { throw ValidationError("Similarities are cosines; leave out --normalize none.") }
  }

  var embeddingOptions: EmbeddingOptions {
    var options = EmbeddingOptions()
    options.activations = activations
    options.dimensions = dimensions
    options.pooling = pooling
    options.normalization = normalize
    options.maximumTokens = maxTokens
    options.truncation = truncate
    options.batchTokens = batchTokens
    return options
  }
}

extension VectorOptions {
  /// The same for a reranker, whose own context says how long a document may be.
  var rerankOptions: RerankOptions {
    var options = RerankOptions()
    options.activations = activations
    options.truncation = truncate
    options.batchTokens = batchTokens
    return options
  }
}

extension ActivationPrecision: ExpressibleByArgument {}
extension Pooling: ExpressibleByArgument {}
extension Normalization: ExpressibleByArgument {}
extension Truncation: ExpressibleByArgument {}
extension EmbeddingFormat: ExpressibleByArgument {}
