import ArgumentParser
import JSON
import Knowledge
import Touchstone

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct KnowledgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kb",
    abstract: "Keep a knowledge base: documents in, passages with page and place out.",
    discussion: """
      A base is a folder, or a schema of a PostgreSQL server: postgresql://user@host/database#schema. Documents are text, Markdown, HTML, source code, PDF (needs poppler-utils), DOCX, ODT, EPUB, \
      PPTX and XLSX. Adding again brings the base up to date: text that did not change costs nothing.

        touchstone kb add base papers notes.md
        touchstone kb search base "how long may goods be returned"
        touchstone kb search base "保修期" --filter "path=contracts/* lang=zh"
      """,
    subcommands: [
      KnowledgeAdd.self, KnowledgeSearch.self, KnowledgeList.self, KnowledgeShow.self, KnowledgeStatus.self,
      KnowledgeRemove.self, KnowledgeCheck.self, KnowledgeCompact.self, KnowledgeEvaluate.self,
      KnowledgeExport.self, KnowledgeImport.self, KnowledgeMCP.self,
    ])
}

/// Runs a command's work and turns the errors of knowledge bases into the command's.
func explained<Result>(_ body: () async throws -> Result) async throws -> Result {
  do {
    return try await body()
  } catch let error as KnowledgeError {
    if case .option = error { throw CommandError.usage("\(error)") }
    throw CommandError.failure("\(error)")
  } catch  where !isKnown(error) {
    throw CommandError.failure("the knowledge base cannot be read or written: \(reason(of: error))")
  }
}

private func isKnown(_ error: any Error) -> Bool {
  error is CommandError || error is TouchstoneError || error is CancellationError || error is ExitCode
    || error is ValidationError
}

/// Paths below the working folder without it.
func shortened(_ path: String) -> String {
  guard let folder = getcwd(nil, 0) else { return path }
  defer { free(folder) }
  let prefix = String(cString: folder) + "/"
  return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
}

extension JSONValue {
  static func orNull(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
  static func orNull(_ number: Int?) -> JSONValue { number.map { .number($0) } ?? .null }
  static func orNull(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }
}

extension OutputFile {
  func write(line value: JSONValue) throws(CommandError) {
    var bytes: [UInt8] = []
    bytes.append(json: value)
    try write(bytes + [0x0A])
  }
}
