import JSON
import Touchstone

/// One JSON object a text, either one a line or as the elements of one array:
/// `{"index":0,"id":…,"embedding":[…],"tokens":12,"truncated":false}`.
///
/// `id` is there if the input had one, `inputTokens` if the text was cut, `fingerprint` if it was asked for.
/// Without pooling, `embeddings` takes the place of `embedding`: an array of vectors, one a token. Numbers
/// read back as the same `Float`.
struct JSONEmbeddingWriter: EmbeddingWriter {
  private let file: OutputFile
  private let isArray: Bool
  private let isPooled: Bool
  private let fingerprint: ((InputItem) throws(TouchstoneError) -> String)?
  private var isEmpty: Bool

  /// - Parameter isContinued: whether the file holds texts of an earlier run.
  init(
    _ file: OutputFile, isArray: Bool, isPooled: Bool, isContinued: Bool = false,
    fingerprint: ((InputItem) throws(TouchstoneError) -> String)? = nil
  ) {
    isEmpty = !isContinued
    self.file = file
    self.isArray = isArray
    self.isPooled = isPooled
    self.fingerprint = fingerprint
  }

  mutating func write(_ embedding: Embedding, of item: InputItem) throws {
    try item.check(embedding)
    var line: [UInt8] = []
    if isArray { line.append(isEmpty ? "[\n" : ",\n") }
    isEmpty = false
    line.append("{\"index\":\(item.index)")
    if let id = item.id {
      line.append(",\"id\":")
      line.append(json: id)
    }
    appendVectors(of: embedding, to: &line)
    line.append(",\"tokens\":\(embedding.tokenCount),\"truncated\":\(embedding.isTruncated)")
    if embedding.isTruncated { line.append(",\"inputTokens\":\(embedding.inputTokenCount)") }
    if let fingerprint { line.append(",\"fingerprint\":\"\(try fingerprint(item))\"") }
    line.append(isArray ? "}" : "}\n")
    try file.write(line)
  }

  private func appendVectors(of embedding: Embedding, to line: inout [UInt8]) {
    guard !isPooled else {
      line.append(",\"embedding\":")
      line.append(json: embedding.values[...])
      return
    }
    line.append(",\"embeddings\":[")
    for (index, vector) in embedding.vectors.enumerated() {
      if index > 0 { line.append(",") }
      line.append(json: vector)
    }
    line.append("]")
  }

  mutating func flush() throws(CommandError) { try file.flush() }

  mutating func finish() throws(CommandError) {
    if isArray { try file.write((isEmpty ? "[]\n" : "\n]\n").utf8) }
    try file.finish()
  }
}
