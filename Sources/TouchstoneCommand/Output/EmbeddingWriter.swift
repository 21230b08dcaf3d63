import Touchstone

/// A form in which vectors leave the command.
package protocol EmbeddingWriter {
  /// Called once for every text, in input order.
  mutating func write(_ embedding: Embedding, of item: InputItem) throws
  /// Hands on what was written, as far as the form allows.
  mutating func flush() throws(CommandError)
  /// Completes the output.
  mutating func finish() throws(CommandError)
}

package enum EmbeddingFormat: String, CaseIterable, Sendable {
  case jsonl, json, npy, f32, table

  /// Whether the bytes are not for a terminal.
  package var isBinary: Bool { self == .npy || self == .f32 }

  /// Whether a file that was begun can be gone on with.
  var isResumable: Bool { self != .table }

  /// - Parameters:
  ///   - dimensions: the components of one vector.
  ///   - fingerprint: what JSON says of a text's vector, where it was asked for.
  ///   - isPooled: whether every text has one vector; otherwise it has one a token.
  ///   - continuedBytes: the bytes that an earlier run has written into the file.
  package func writer(
    to file: OutputFile, dimensions: Int, isPooled: Bool, width: Int?, continuedBytes: Int = 0,
    fingerprint: ((InputItem) throws(TouchstoneError) -> String)? = nil
  ) throws(CommandError) -> any EmbeddingWriter {
    switch self {
    case .jsonl, .json:
      JSONEmbeddingWriter(
        file, isArray: self == .json, isPooled: isPooled, isContinued: continuedBytes > 0,
        fingerprint: fingerprint)
    case .npy: try NPYWriter(file, dimensions: dimensions, continuedBytes: continuedBytes)
    case .f32: RawFloatWriter(file)
    case .table: EmbeddingTableWriter(file, width: width)
    }
  }
}

extension InputItem {
  /// Refuses a vector with NaN or infinity, which no format may pass on as a result.
  func check(_ embedding: Embedding) throws(CommandError) {
    guard embedding.values.allSatisfy(\.isFinite) else {
      throw .input(location, reason: "the model gave a vector that is not finite; its file may be damaged")
    }
  }
}
