import ArgumentParser
import Touchstone

/// Whether texts are documents, which go in as they are, or queries, which carry a task instruction.
struct RoleOptions: ParsableArguments {
  @Flag(help: "The texts are queries: put the model card's web-search instruction in front.")
  var query = false

  @Option(
    help: ArgumentHelp("The texts are queries for this task, one sentence in English.", valueName: "task"))
  var instruct: String?

  func validate() throws {
    if query, instruct != nil {
      throw ValidationError("--query is --instruct with the default task; pass one of them.")
    }
  }

  var role: EmbeddingRole {
    if let instruct { return .query(task: instruct) }
    return query ? .query : .document
  }
}
