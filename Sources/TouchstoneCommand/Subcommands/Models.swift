import ArgumentParser
import ForeignText
import JSON
import Touchstone

struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the models on this machine, and those that pull fetches.",
    discussion: """
      A name stands for its file wherever a command takes --model.

        touchstone models
        touchstone models --json
        touchstone embed --model 0.6B "The file was not found."

      Looks into $\(ModelStore.variable), else ~/.local/share/touchstone/models; then /var/lib/touchstone; then models \
      of the repository.
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  mutating func run() throws {
    let store = ModelStore.current
    let items = store.items.map { item in (item, try? ModelInspection(path: item.path)) }
    let missing = ModelCatalogue.entries.filter { entry in
      !items.contains { $0.0.name.hasBytes(of: entry.name) }
    }
    let output = try OutputFile(path: nil)
    try output.write((json ? Self.json(items, missing, store) : Self.text(items, missing, store)).utf8)
    try output.finish()
  }

  private static func text(
    _ items: [(ModelStore.Item, ModelInspection?)], _ missing: [ModelCatalogue.Entry], _ store: ModelStore
  ) -> String {
    var text = items.isEmpty ? "No model is on this machine. Looked into:\n" : ""
    if items.isEmpty { for folder in store.folders { text += "  \(folder.escaped)\n" } }
    let names = items.map(\.0.name.escaped) + missing.map(\.name)
    let width = names.map(DisplayText.width).max() ?? 0
    for (item, inspection) in items {
      text +=
        "\(DisplayText.padded(item.name.escaped, to: width))  \(facts(inspection))  \(item.path.escaped)\n"
    }
    if !missing.isEmpty { text += "\nTo fetch with 'touchstone pull NAME':\n" }
    for entry in missing {
      text +=
        "\(DisplayText.padded(entry.name, to: width))  \(size(entry.megabytes * 1_000_000))  \(entry.repository)\n"
    }
    return text
  }

  private static func facts(_ inspection: ModelInspection?) -> String {
    guard let inspection else { return "cannot be read as GGUF: see 'touchstone inspect'" }
    return "\(size(inspection.byteCount))  \(DisplayText.padded(word(for: inspection.kind), to: 10))"
  }

  private static func word(for kind: ModelKind) -> String {
    switch kind {
    case .embedding: "embedding"
    case .reranker: "reranker"
    case .vocabulary: "vocabulary"
    case .companion: "companion"
    case .other: "other"
    }
  }

  private static func size(_ bytes: Int) -> String {
    "\(DisplayText.rightAligned(Decimal.grouped((bytes + 500_000) / 1_000_000), to: 6)) MB"
  }

  private static func json(
    _ items: [(ModelStore.Item, ModelInspection?)], _ missing: [ModelCatalogue.Entry], _ store: ModelStore
  ) -> String {
    let here = items.map { item, inspection in
      JSONValue.object([
        .init("name", .string(item.name)), .init("path", .string(item.path)),
        .init("bytes", inspection.map { .number($0.byteCount) } ?? .null),
        .init("kind", inspection.map { .string(word(for: $0.kind)) } ?? .null),
      ])
    }
    let published = missing.map { entry in
      JSONValue.object([
        .init("name", .string(entry.name)), .init("repository", .string(entry.repository)),
        .init("file", .string(entry.file)), .init("megabytes", .number(entry.megabytes)),
      ])
    }
    var bytes: [UInt8] = []
    bytes.append(
      json: .object([
        .init("folders", .array(store.folders.map(JSONValue.string))), .init("models", .array(here)),
        .init("published", .array(published)),
      ]))
    return String(decoding: bytes, as: UTF8.self) + "\n"
  }
}
