import ArgumentParser
import Chunking
import Knowledge

/// How documents are cut.
struct ChunkingOptionGroup: ParsableArguments {
  enum Preset: String, CaseIterable, ExpressibleByArgument {
    case structure, page, whole, langchain
    case langchainSmall = "langchain-small"
  }

  @Option(
    help: ArgumentHelp(
      "structure: by headings and paragraphs; page; whole; langchain: its splitter with 8192/512 characters; langchain-small: 1024/256. (default: structure)"
    ))
  var preset: Preset?

  @Option(
    help: ArgumentHelp(
      "The most tokens of a piece, headings and end of text included. (default: 400; 2048 for page; all that the model holds for whole and langchain)",
      valueName: "n"))
  var chunkTokens: Int?

  @Option(
    help: ArgumentHelp(
      "How much of a piece may repeat the one before, inside a section, in percent of its tokens. (default: 15)",
      valueName: "percent"))
  var overlap: Int?

  func validate() throws {
    if let chunkTokens, chunkTokens < ChunkingOptions.minimumTokens {
      throw ValidationError(
        "--chunk-tokens must be at least \(ChunkingOptions.minimumTokens), found \(chunkTokens).")
    }
    if let overlap, !(0...50).contains(overlap) {
      throw ValidationError("--overlap must be 0 to 50 percent, found \(overlap).")
    }
  }

  /// - Parameters:
  ///   - stored: as a base was cut last.
  ///   - context: the most tokens that the model takes.
  func options(_ stored: ChunkingOptions? = nil, context: Int) throws(CommandError) -> ChunkingOptions {
    var options = stored ?? ChunkingOptions(tokens: min(400, context))
    if let preset {
      switch preset {
      case .structure: options = ChunkingOptions(tokens: min(400, context))
      case .page: options = ChunkingOptions(method: .page, tokens: min(2048, context), overlapPercent: 0)
      case .whole: options = ChunkingOptions(method: .whole, tokens: context, overlapPercent: 0)
      case .langchain:
        options = ChunkingOptions(
          method: .langchain(size: 8_192, overlap: 512), tokens: context, overlapPercent: 0)
      case .langchainSmall:
        options = ChunkingOptions(
          method: .langchain(size: 1_024, overlap: 256), tokens: context, overlapPercent: 0)
      }
    }
    if let chunkTokens { options.tokens = chunkTokens }
    if let overlap { options.overlapPercent = overlap }
    guard options.tokens <= context else {
      throw .usage(
        "--chunk-tokens is \(options.tokens), but this model's context holds \(context); pass --chunk-tokens \(context)"
      )
    }
    return options
  }
}
