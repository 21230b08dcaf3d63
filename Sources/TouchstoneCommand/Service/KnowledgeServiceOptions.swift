import ArgumentParser
import KnowledgeService
import TouchstoneServer

/// The knowledge bases of a service.
struct KnowledgeServiceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A knowledge base to serve, with the name that clients call it: NAME=BASE, a folder as kb add makes it. Where there is none yet, an empty one is made. Repeat it for several.",
      valueName: "name=base"))
  var knowledge: [String] = []

  @Option(
    help: ArgumentHelp(
      "Where uploaded files and the vector stores of clients are kept. (default: the folder 'service' in the first base)",
      valueName: "folder"))
  var knowledgeFolder: String?

  @Option(help: ArgumentHelp("The most bytes of an uploaded file.", valueName: "n"))
  var maxUploadBytes = KnowledgeLimits().uploadBytes

  @Option(help: ArgumentHelp("The most bytes of all uploaded files.", valueName: "n"))
  var maxFilesBytes = KnowledgeLimits().shelfBytes

  @Option(
    help: ArgumentHelp(
      "Milliseconds that the reranker has for a search that names no time; 0 for none.", valueName: "ms"))
  var rerankBudgetMs = 10_000

  func validate() throws {
    for (name, value) in [("max-upload-bytes", maxUploadBytes), ("max-files-bytes", maxFilesBytes)]
    where !(1...1 << 40).contains(value) {
      throw ValidationError("--\(name) must be from 1 to 2^40, found \(value).")
    }
    guard (0...600_000).contains(rerankBudgetMs) else {
      throw ValidationError("--rerank-budget-ms must be from 0 to 600000, found \(rerankBudgetMs).")
    }
    if knowledge.isEmpty, knowledgeFolder != nil {
      throw ValidationError("--knowledge-folder is about --knowledge; add --knowledge NAME=BASE.")
    }
  }

  /// nil: no knowledge bases.
  var knowledgeExtension: KnowledgeExtension? {
    get throws {
      guard !knowledge.isEmpty else { return nil }
      var limits = KnowledgeLimits()
      limits.uploadBytes = maxUploadBytes
      limits.shelfBytes = maxFilesBytes
      limits.rerankBudget = .milliseconds(rerankBudgetMs)
      do {
        return KnowledgeExtension(
          try knowledge.map { argument throws(ServiceStartError) in try BaseDefinition(argument) },
          folder: knowledgeFolder, limits: limits)
      } catch {
        throw CommandError.usage("\(error)")
      }
    }
  }
}
