import GGUF

/// A GGUF file field by field, so that a test can lie in any of them. Shares no code with `GGUFWriter`.
struct FileBytes {
  struct Entry {
    var key: [UInt8]
    var type: UInt32
    var value: [UInt8]

    init(_ key: String, _ type: UInt32, _ value: [UInt8]) {
      self.init(key: Array(key.utf8), type, value)
    }

    init(key: [UInt8], _ type: UInt32, _ value: [UInt8]) {
      self.key = key
      self.type = type
      self.value = value
    }
  }

  struct Tensor {
    var name = Array("t".utf8)
    /// As the file has them, innermost first.
    var dimensions: [UInt64] = [4]
    var dimensionCount: UInt32?
    var type: UInt32 = 0
    var offset: UInt64 = 0
  }

  var magic = Array("GGUF".utf8)
  var version: UInt32 = 3
  var tensorCount: UInt64?
  var metadataCount: UInt64?
  var entries: [Entry] = []
  var tensors: [Tensor] = []
  var alignment = 32
  var dataByteCount = 0

  var bytes: [UInt8] {
    var bytes = magic + le(version)
    bytes += le(tensorCount ?? UInt64(tensors.count)) + le(metadataCount ?? UInt64(entries.count))
    for entry in entries { bytes += string(entry.key) + le(entry.type) + entry.value }
    for tensor in tensors {
      bytes += string(tensor.name) + le(tensor.dimensionCount ?? UInt32(tensor.dimensions.count))
      bytes += tensor.dimensions.flatMap { le($0) } + le(tensor.type) + le(tensor.offset)
    }
    if dataByteCount > 0 {
      bytes += [UInt8](repeating: 0, count: (alignment - bytes.count % alignment) % alignment)
      bytes += (0..<dataByteCount).map { UInt8(truncatingIfNeeded: $0) }
    }
    return bytes
  }

  static func entry(_ key: String, _ type: UInt32, _ value: [UInt8]) -> FileBytes {
    FileBytes(entries: [Entry(key, type, value)])
  }

  static func tensors(_ tensors: Tensor..., dataByteCount: Int = 16) -> FileBytes {
    FileBytes(tensors: tensors, dataByteCount: dataByteCount)
  }
}

/// Little-endian bytes.
func le<Integer: FixedWidthInteger>(_ integer: Integer) -> [UInt8] {
  (0..<Integer.bitWidth / 8).map { UInt8(truncatingIfNeeded: integer >> ($0 * 8)) }
}

/// A string as the file has it: length and bytes.
func string(_ bytes: [UInt8]) -> [UInt8] { le(UInt64(bytes.count)) + bytes }
func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }

/// An array as the file has it: element type, count, elements.
func array(_ type: UInt32, _ count: UInt64, _ elements: [UInt8]) -> [UInt8] {
  le(type) + le(count) + elements
}

/// Reads bytes as if they were the file `test.gguf`.
func open(_ bytes: [UInt8]) throws(GGUFError) -> GGUFFile {
  try GGUFFile(storage: ByteStorage(copying: bytes, path: "test.gguf"))
}
