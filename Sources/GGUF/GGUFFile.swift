import ForeignText

/// A GGUF model file: its metadata and its tensors, checked when it is opened, and the tensors' bytes in
/// place.
///
/// ```swift
/// let file = try GGUFFile.open(path: "model.gguf")
/// let architecture = try file.metadata.string("general.architecture")
/// let embeddings = try file.tensor(named: "token_embd.weight")
/// let firstRow = file.withUnsafeBytes(of: embeddings) { Array($0.prefix(embeddings.rowByteCount)) }
/// ```
///
/// Opening maps the file and reads its header; no tensor is read. The file is treated as hostile: whatever
/// its bytes are, opening ends in a value or a ``GGUFError``, in time and memory proportional to the header.
package struct GGUFFile: Sendable {
  /// The path that was opened: the first part of a split file.
  package let path: String
  package let version: FormatVersion
  /// The metadata of the first part; later parts only repeat their place in the split.
  package let metadata: Metadata
  /// In file order, part after part.
  package let tensors: [TensorInfo]

  private let parts: [GGUFPart]
  private let positions: [ByteString: Int]

  /// The versions of the format that are read and written. They have the same layout; version 1 had 32-bit
  /// lengths and is long gone.
  package enum FormatVersion: UInt32, CaseIterable, Hashable, Sendable {
    case two = 2
    case three = 3
  }

  /// Opens a file, and all parts of a split one (`…-00001-of-00003.gguf`).
  ///
  /// - Throws: ``GGUFError`` where a file cannot be read, is not GGUF, or contradicts itself.
  package static func open(path: String) throws(GGUFError) -> GGUFFile {
    let first = try GGUFPart(ByteStorage(mapping: path), index: 0)
    return try GGUFFile(parts: SplitFile.allParts(first: first))
  }

  /// Reads a file of one part from bytes.
  package init(storage: ByteStorage) throws(GGUFError) {
    try self.init(parts: [GGUFPart(storage, index: 0)])
  }

  /// - Precondition: There is a first part.
  private init(parts: [GGUFPart]) throws(GGUFError) {
    self.path = parts[0].storage.path
    self.version = parts[0].version
    self.metadata = parts[0].metadata
    self.tensors = parts.flatMap { $0.tensors }
    self.parts = parts
    var positions: [ByteString: Int] = [:]
    for (position, tensor) in tensors.enumerated() {
      guard positions.updateValue(position, forKey: ByteString(tensor.name)) == nil else {
        throw GGUFError(parts[tensor.part].storage.path, .duplicateTensor(tensor.name))
      }
    }
    self.positions = positions
    for part in parts { try TensorTable.checkApart(part.tensors, path: part.storage.path) }
  }

  /// How many files it is made of.
  package var partCount: Int { parts.count }

  /// The bytes of each part, header and all.
  package var storages: [ByteStorage] { parts.map { $0.storage } }

  /// The size of all parts together.
  package var byteCount: Int { parts.reduce(0) { $0 + $1.storage.byteCount } }

  /// - Throws: ``GGUFError`` where the file has no such tensor.
  package func tensor(named name: String) throws(GGUFError) -> TensorInfo {
    guard let tensor = tensorIfPresent(named: name) else { throw GGUFError(path, .missingTensor(name)) }
    return tensor
  }

  package func tensorIfPresent(named name: String) -> TensorInfo? {
    positions[ByteString(name)].map { tensors[$0] }
  }

  /// Calls `body` with the tensor's bytes in the mapped file, `rowCount` rows of `rowByteCount` bytes, valid
  /// until it returns. They are aligned to ``alignment(of:)`` and no further.
  ///
  /// - Precondition: The tensor is one of this file's.
  package func withUnsafeBytes<Result, Failure>(
    of tensor: TensorInfo, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try parts[tensor.part].storage.withUnsafeBytes(in: tensor.byteRange, body)
  }

  /// The tensor's bytes in the mapped file, for those that keep the file: a model that owns this value beside
  /// the pointers made from it.
  ///
  /// The pointer does not keep the mapping alive, and Swift may release a local variable right after its last
  /// use: hold this value, or a copy, in something that outlives the pointer, or in `withExtendedLifetime`.
  /// Everyone else is better served by ``withUnsafeBytes(of:_:)``.
  ///
  /// - Precondition: The tensor is one of this file's.
  package func unsafeBytes(of tensor: TensorInfo) -> UnsafeRawBufferPointer {
    parts[tensor.part].storage.unsafeBytes(in: tensor.byteRange)
  }

  /// The alignment in memory that the file guarantees for a tensor: 32 unless the file says otherwise, and a
  /// file may say less than a `Float` needs.
  package func alignment(of tensor: TensorInfo) -> Int {
    parts[tensor.part].alignment
  }

  /// Asks the operating system to start reading the tensor from disk. A hint; it returns at once.
  package func prefetch(_ tensor: TensorInfo) {
    parts[tensor.part].storage.advise(.soon, in: tensor.byteRange)
  }
}
