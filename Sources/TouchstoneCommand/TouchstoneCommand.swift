import ArgumentParser

/// The command `touchstone`: one file a subcommand in Subcommands, the options they share in Options.
struct TouchstoneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "touchstone",
    abstract: "Turns text into vectors with Qwen3-Embedding models, from GGUF files, on CPUs.",
    discussion: """
      Without --model, a command uses the model that TOUCHSTONE_MODEL names, else the small demonstration model \
      of the repository.

        touchstone embed "The file was not found." --format table
        touchstone similarity "File not found" "Datei fehlt" "Drucker bereit"
        touchstone search --corpus notes.txt --lines "how do I delete a file"
        touchstone inspect Qwen3-Embedding-4B-Q4_K_M.gguf

      \(ExitStatus.explanation)
      """,
    version: VersionText.placeholder,
    subcommands: [
      Embed.self, Similarity.self, Search.self, Rerank.self, KnowledgeCommand.self, ChunkCommand.self,
      Serve.self, Check.self, Trace.self, Diff.self, Golden.self, Verify.self, Tokenize.self, Inspect.self,
      Bench.self, MakeModel.self,
    ])
}
