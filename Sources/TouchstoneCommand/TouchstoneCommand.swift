import ArgumentParser

/// The command `touchstone`: one file a subcommand in Subcommands, the options they share in Options.
struct TouchstoneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "touchstone",
    abstract: "Turns text into vectors with Qwen3-Embedding models, from GGUF files, on CPUs.",
    discussion: """
      --model takes a file, or the name of a model that pull has fetched. Without it, a command uses the one that \
      TOUCHSTONE_MODEL names, else the small demonstration model.

        touchstone embed "The file was not found." --format table
        touchstone similarity "File not found" "Datei fehlt" "Drucker bereit"
        touchstone search --corpus notes.txt --lines "how do I delete a file"
        touchstone pull 0.6B
        touchstone serve --model 0.6B

      \(ExitStatus.explanation)
      """,
    version: VersionText.placeholder,
    subcommands: [
      Embed.self, Similarity.self, Search.self, Rerank.self, KnowledgeCommand.self, ChunkCommand.self,
      Serve.self, Pull.self, Models.self, Check.self, Trace.self, Diff.self, Golden.self, Verify.self,
      Explain.self, Tokenize.self, Inspect.self, Bench.self, Profile.self, MakeModel.self,
    ])
}
