import ForeignText

/// The published files that have a name here, and how a name is read.
package enum ModelCatalogue {
  /// A published file.
  package struct Entry: Sendable, Equatable {
    /// `0.6B-Q8_0`.
    package let name: String
    /// `OWNER/NAME` on a hub.
    package let repository: String
    package let file: String
    /// Of the weights, from the shape; the hub states the exact size.
    package let megabytes: Int
  }

  private static let embedding: [(size: String, files: [(kind: String, megabytes: Int)])] = [
    ("0.6B", [("Q8_0", 639), ("f16", 1198)]),
    (
      "4B",
      [("Q4_K_M", 2497), ("Q5_0", 2823), ("Q5_K_M", 2890), ("Q6_K", 3306), ("Q8_0", 4280), ("f16", 8051)]
    ),
    (
      "8B",
      [("Q4_K_M", 4683), ("Q5_0", 5263), ("Q5_K_M", 5423), ("Q6_K", 6211), ("Q8_0", 8043), ("f16", 15136)]
    ),
  ]

  /// The first file of a size is the one that its size alone names.
  package static let entries: [Entry] =
    embedding.flatMap { size, files in
      files.map { kind, megabytes in
        Entry(
          name: "\(size)-\(kind)", repository: "Qwen/Qwen3-Embedding-\(size)-GGUF",
          file: "Qwen3-Embedding-\(size)-\(kind).gguf", megabytes: megabytes)
      }
    } + [
      // Qwen publishes no GGUF files of its rerankers; these are of llama.cpp's authors.
      Entry(
        name: "reranker-0.6B", repository: "ggml-org/Qwen3-Reranker-0.6B-Q8_0-GGUF",
        file: "qwen3-reranker-0.6b-q8_0.gguf", megabytes: 639)
    ]

  /// The published file of a name, in any case: `0.6B`, `0.6b-q8_0`, a file's name with or without `.gguf`.
  package static func entry(named name: String) -> Entry? {
    entries.first { isName(name, of: $0) }
      ?? entries.first { $0.name.lowercased().hasPrefix(name.lowercased() + "-") }
  }

  private static func isName(_ name: String, of entry: Entry) -> Bool {
    let name = name.lowercased()
    let file = entry.file.lowercased()
    return [entry.name.lowercased(), file, String(file.dropLast(5))].contains { $0.hasBytes(of: name) }
  }

  /// `OWNER/REPOSITORY/FILE.gguf`: a file that has no name here.
  package static func otherFile(_ text: String) -> Entry? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, parts[2].hasSuffix(".gguf"),
      parts.allSatisfy({ part in !part.isEmpty && !part.hasPrefix(".") && part.utf8.allSatisfy(isPlain) })
    else { return nil }
    return Entry(
      name: String(parts[2].dropLast(5)), repository: "\(parts[0])/\(parts[1])", file: parts[2], megabytes: 0)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// The names, for a sentence: each size once.
  package static let names: String = "0.6B, 4B, 8B, reranker-0.6B, or one of 'touchstone models'"
}
