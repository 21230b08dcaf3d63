import Touchstone

/// Nothing but the components, float32, little-endian, vector after vector.
struct RawFloatWriter: EmbeddingWriter {
  private let file: OutputFile

  init(_ file: OutputFile) { self.file = file }

  mutating func write(_ embedding: Embedding, of item: InputItem) throws(CommandError) {
    try item.check(embedding)
    try file.write(Self.bytes(of: embedding.values))
  }

  mutating func flush() throws(CommandError) { try file.flush() }
  mutating func finish() throws(CommandError) { try file.finish() }

  static func bytes(of values: [Float]) -> [UInt8] {
    values.map(\.bitPattern.littleEndian).withUnsafeBytes { Array($0) }
  }
}
