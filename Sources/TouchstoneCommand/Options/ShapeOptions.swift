import ArgumentParser
import Touchstone
import Workbench

/// The sizes of a model to be made: those of a published one, or one's own.
struct ShapeOptions: ParsableArguments {
  enum Name: String, CaseIterable, ExpressibleByArgument {
    case small = "0.6b"
    case medium = "4b"
    case large = "8b"
    case custom
  }

  @Option(help: "Qwen3-Embedding's sizes; those below replace single ones, and make up a custom shape.")
  var shape = Name.small

  @Option(help: ArgumentHelp("Layers.", valueName: "n"))
  var layers: Int?

  @Option(help: ArgumentHelp("Components of a token's state, and of a vector.", valueName: "n"))
  var hidden: Int?

  @Option(help: ArgumentHelp("Components between the two halves of a feed-forward block.", valueName: "n"))
  var feedForward: Int?

  @Option(help: ArgumentHelp("Heads of queries.", valueName: "n"))
  var heads: Int?

  @Option(help: ArgumentHelp("Heads of keys and values, which queries share.", valueName: "n"))
  var keyValueHeads: Int?

  @Option(help: ArgumentHelp("Components of a head.", valueName: "n"))
  var headDimension: Int?

  @Option(help: ArgumentHelp("Rows of the embedding table. (custom: all tokens)", valueName: "n"))
  var vocabularySize: Int?

  @Option(help: ArgumentHelp("The longest text, in tokens. (custom: 8192)", valueName: "n"))
  var context: Int?

  func validate() throws {
    let needed = [
      ("layers", layers), ("hidden", hidden), ("feed-forward", feedForward), ("heads", heads),
      ("key-value-heads", keyValueHeads), ("head-dimension", headDimension),
    ]
    let missing = needed.filter { $0.1 == nil }.map { "--\($0.0)" }
    if shape == .custom, !missing.isEmpty {
      throw ValidationError("--shape custom also needs \(missing.joined(separator: ", ")).")
    }
    // The model's own limits are narrower; their sentences come from the library.
    for (name, value) in needed + [("vocabulary-size", vocabularySize), ("context", context)] {
      try CountRange.check(name, value)
    }
  }

  func shape(_ vocabulary: SyntheticVocabulary) -> SyntheticShape {
    var shape =
      switch self.shape {
      case .small: SyntheticShape.small
      case .medium: SyntheticShape.medium
      case .large: SyntheticShape.large
      // All sizes but two are replaced below: `validate` sees to it.
      case .custom:
        SyntheticShape(
          layerCount: 0, hiddenSize: 0, feedForwardSize: 0, headCount: 0, keyValueHeadCount: 0,
          headDimension: 0, contextLength: 8192, vocabularySize: vocabulary.naturalSize)
      }
    shape.layerCount = layers ?? shape.layerCount
    shape.hiddenSize = hidden ?? shape.hiddenSize
    shape.feedForwardSize = feedForward ?? shape.feedForwardSize
    shape.headCount = heads ?? shape.headCount
    shape.keyValueHeadCount = keyValueHeads ?? shape.keyValueHeadCount
    shape.headDimension = headDimension ?? shape.headDimension
    shape.contextLength = context ?? shape.contextLength
    shape.vocabularySize = vocabularySize ?? shape.vocabularySize
    return shape
  }
}
