import Touchstone

/// A NumPy array file, version 1.0: float32, C order, shape (vectors, dimensions).
///
/// The number of rows stands at the front and is known at the end. In a file the header is written with room
/// to spare and filled in; into a pipe, the vectors wait in a nameless file on disk.
package struct NPYWriter: EmbeddingWriter {
  private let file: OutputFile
  private let dimensions: Int
  private let headerOffset: Int?
  private let spool: SpoolFile?
  private var rowCount = 0

  /// - Parameter continuedBytes: the bytes that an earlier run has written into the file, its header among
  ///   them.
  package init(_ file: OutputFile, dimensions: Int, continuedBytes: Int = 0) throws(CommandError) {
    self.file = file
    self.dimensions = dimensions
    guard continuedBytes == 0 else {
      (headerOffset, spool) = (0, nil)
      rowCount = (continuedBytes - Self.headerSize) / (4 * dimensions)
      return
    }
    headerOffset = file.replaceableOffset
    spool = headerOffset == nil ? try SpoolFile() : nil
    if headerOffset != nil { try file.write(Self.header(rowCount: 0, dimensions: dimensions)) }
  }

  package mutating func write(_ embedding: Embedding, of item: InputItem) throws(CommandError) {
    try item.check(embedding)
    rowCount += embedding.values.count / dimensions
    let bytes = RawFloatWriter.bytes(of: embedding.values)
    if let spool { try spool.write(bytes) } else { try file.write(bytes) }
  }

  /// Nothing to do: the array is whole only at the end.
  package mutating func flush() {}

  package mutating func finish() throws(CommandError) {
    let header = Self.header(rowCount: rowCount, dimensions: dimensions)
    if let headerOffset {
      try file.replace(at: headerOffset, with: header)
    } else {
      try file.write(header)
      try spool?.copy(to: file)
    }
    try file.finish()
  }

  /// Magic, version, length of the rest (2 bytes, little-endian), a Python dictionary padded with spaces,
  /// `\n`: ``headerSize`` bytes for any row count.
  package static func header(rowCount: Int, dimensions: Int) -> [UInt8] {
    let description = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rowCount), \(dimensions)), }"
    let length = headerSize - 10
    var header: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
    header.append(description)
    header.append(String(repeating: " ", count: headerSize - 1 - header.count))
    header.append("\n")
    return header
  }

  /// A multiple of 64, as the format asks, with room for two 19-digit numbers (10 + 59 + 38 + 1 bytes).
  package static let headerSize = 128
}
