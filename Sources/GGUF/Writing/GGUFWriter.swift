import ForeignText

/// Writes GGUF files of any size: metadata and tensor descriptions first, then each tensor's bytes as they
/// are produced.
///
/// ```swift
/// var writer = GGUFWriter()
/// writer.metadata["general.architecture"] = .string("qwen3")
/// try writer.addTensor(named: "output_norm.weight", type: .f32, shape: [1024])
/// try writer.write(to: "model.gguf") { tensor, output in
///   try output.append(bytes(of: tensor))
/// }
/// ```
///
/// The output obeys the rules that reading checks. The file appears under its name when it is complete.
package struct GGUFWriter: Sendable {
  package let version: GGUFFile.FormatVersion
  /// Everything that goes into the metadata section. The alignment of the file is its `general.alignment`.
  package var metadata = Metadata()

  private struct Tensor {
    let name: String
    let type: TensorType
    let size: TensorSize
  }
  private var tensors: [Tensor] = []
  private var names: Set<ByteString> = []
  /// An upper bound, kept so that offsets cannot overflow.
  private var dataByteCount = 0
  private let dataByteCountLimit = Int.max / 2

  /// llama.cpp keeps names in 64 bytes, the last of which is a zero.
  static let nameByteCountLimit = 63

  package init(version: GGUFFile.FormatVersion = .three) {
    self.version = version
  }

  /// Adds a tensor after those that were added before.
  ///
  /// - Parameter shape: Outermost dimension first.
  /// - Throws: ``GGUFError`` where the name is taken or too long, or the format does not allow the shape.
  package mutating func addTensor(named name: String, type: TensorType, shape: [Int]) throws(GGUFError) {
    do throws(GGUFError.Reason) {
      guard name.utf8.count <= Self.nameByteCountLimit else {
        throw .nameTooLong(name, byteCount: name.utf8.count, limit: Self.nameByteCountLimit)
      }
      let size = try TensorSize(name: name, type: type, shape: shape.map { UInt64(max($0, 0)) })
      guard dataByteCountLimit - dataByteCount > size.byteCount else {
        throw .tensorTooLarge(tensor: name, shape: shape.map { UInt64($0) })
      }
      guard names.insert(ByteString(name)).inserted else { throw .duplicateTensor(name) }
      tensors.append(Tensor(name: name, type: type, size: size))
      // With the most padding that the largest alignment can ask for.
      dataByteCount += size.byteCount + Metadata.alignmentLimit
    } catch {
      throw GGUFError("a new file", error)
    }
  }

  /// Writes the file, asking `writeBytes` for each tensor's bytes in order.
  ///
  /// - Throws: ``GGUFError`` where the file cannot be written, the alignment is not a power of two, or
  ///   `writeBytes` gives more or fewer bytes than the tensor has; and whatever `writeBytes` throws.
  package func write(
    to path: String, writeBytes: (TensorInfo, inout TensorOutput) throws -> Void
  ) throws {
    let alignment = try metadata.alignment()
    for (index, entry) in metadata.entries.enumerated()
    where entry.key.utf8.count > Metadata.keyByteCountLimit {
      throw GGUFError(
        path,
        .itemTooLong(
          .metadataKey(number: index + 1), offset: 0, byteCount: entry.key.utf8.count,
          limit: Metadata.keyByteCountLimit))
    }
    let (header, infos) = header(alignment: alignment)
    let file = try AtomicFile(path: path)
    try file.append(header)
    try file.pad(toMultipleOf: alignment)
    for info in infos {
      var output = TensorOutput(info: info, file: file, path: path)
      try writeBytes(info, &output)
      try output.checkComplete()
      try file.pad(toMultipleOf: alignment)
    }
    try file.finish()
  }

  private func header(alignment: Int) -> (bytes: [UInt8], infos: [TensorInfo]) {
    var bytes = GGUFPart.magic
    bytes.appendLittleEndian(version.rawValue)
    bytes.appendLittleEndian(UInt64(tensors.count))
    bytes.appendLittleEndian(UInt64(metadata.entries.count))
    for entry in metadata.entries {
      entry.key.encode(to: &bytes)
      bytes.appendLittleEndian(entry.value.type.rawValue)
      entry.value.encode(to: &bytes)
    }
    var relativeOffsets: [Int] = []
    var relativeOffset = 0
    for tensor in tensors {
      tensor.name.encode(to: &bytes)
      bytes.appendLittleEndian(UInt32(tensor.size.shape.count))
      for dimension in tensor.size.shape.reversed() { bytes.appendLittleEndian(UInt64(dimension)) }
      bytes.appendLittleEndian(tensor.type.rawValue)
      bytes.appendLittleEndian(UInt64(relativeOffset))
      relativeOffsets.append(relativeOffset)
      relativeOffset = (relativeOffset + tensor.size.byteCount).roundedUp(toMultipleOf: alignment)
    }
    let dataStart = bytes.count.roundedUp(toMultipleOf: alignment)
    let infos = zip(tensors, relativeOffsets).map { tensor, relativeOffset in
      TensorInfo(
        name: tensor.name, type: tensor.type, shape: tensor.size.shape,
        elementCount: tensor.size.elementCount, byteCount: tensor.size.byteCount, part: 0,
        fileOffset: dataStart + relativeOffset)
    }
    return (bytes, infos)
  }
}
