import ArgumentParser
import Touchstone

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describe a GGUF file, and name its possible faults.",
    discussion: """
      Reads the header only: it takes milliseconds for a file of any size, and describes files that the engine \
      cannot run too.

        touchstone inspect Qwen3-Embedding-4B-Q4_K_M.gguf
        touchstone inspect --tensors model.gguf
        touchstone inspect --metadata --json model.gguf
      """)

  @Argument(help: "The GGUF file. (default: $TOUCHSTONE_MODEL, else the model in the repository)")
  var model: String?

  @Flag(help: "List the tensors: name, block format, shape, size.")
  var tensors = false

  @Flag(help: "List the metadata; long arrays are shortened.")
  var metadata = false

  @Flag(help: "Print one JSON object.")
  var json = false

  mutating func run() throws {
    let inspection = try ModelInspection(path: ModelLocator.locate(model))
    let file = try OutputFile(path: nil)
    if json {
      try file.write(InspectionJSON(inspection, tensors: tensors, metadata: metadata).bytes)
    } else {
      let width = file.isTerminal ? Terminal().width : nil
      let text = InspectionText(inspection, width: width)
      // A list that was asked for stands alone, so that it can be piped on.
      if !tensors, !metadata { try file.write(text.summary.utf8) }
      if tensors { try file.write(text.tensorList.utf8) }
      if metadata { try file.write(text.metadataList.utf8) }
    }
    try file.finish()
  }
}
