import GGUF

/// A safetensors file, mapped: what its header says, checked, and the numbers of its tensors.
///
/// The file is treated as hostile: whatever its bytes are, opening ends in a value or a ``SafetensorsError``,
/// in time and memory proportional to the header, which is bounded.
package struct SafetensorsFile: Sendable {
  package struct Tensor: Equatable, Sendable {
    package let name: String
    /// As the file calls it. ``SafetensorsFile/floats(of:at:)`` reads those of ``FloatType``.
    package let type: String
    package let shape: [Int]
    /// Bytes counted from the start of the file.
    let bytes: Range<Int>
  }

  package let path: String
  /// In the order in which they lie in the file.
  package let tensors: [Tensor]
  package let metadata: [String: String]
  private let storage: ByteStorage

  /// 16 MiB. Traces have some 100 kB.
  static let headerLimit = 16 << 20
  /// JSON values of the header: some ten a tensor, for more tensors than the deepest model's trace has.
  static let headerValueLimit = 1 << 20
  /// Bytes of a tensor's name or a key. Swift compares long strings of marks in quadratic time.
  static let nameLimit = 256

  package init(path: String) throws(SafetensorsError) {
    let storage: ByteStorage
    do {
      storage = try ByteStorage(mapping: path)
    } catch {
      switch error.reason {
      case .systemCall(_, let code): throw SafetensorsError(path, .cannotOpen(code: code))
      case .emptyFile: throw SafetensorsError(path, .tooShort(byteCount: 0))
      default: throw SafetensorsError(path, .notAFile)
      }
    }
    try self.init(storage)
  }

  package init(_ storage: ByteStorage) throws(SafetensorsError) {
    self.storage = storage
    path = storage.path
    do throws(SafetensorsError.Reason) {
      let header = try SafetensorsHeader(storage)
      tensors = header.tensors
      metadata = header.metadata
    } catch {
      throw SafetensorsError(storage.path, error)
    }
  }

  /// The numbers at `elements` of a tensor, counted over all its dimensions.
  ///
  /// - Requires: the tensor is one of this file's and has so many.
  package func floats(of tensor: Tensor, at elements: Range<Int>) throws(SafetensorsError) -> [Float] {
    guard let type = FloatType(rawValue: tensor.type) else {
      throw SafetensorsError(
        path,
        .tensor(tensor.name, "is stored as \(tensor.type), but only F32, F16 and BF16 are read; convert it"))
    }
    let start = tensor.bytes.lowerBound + elements.lowerBound * type.byteCount
    let range = start..<start + elements.count * type.byteCount
    precondition(range.upperBound <= tensor.bytes.upperBound)
    return storage.withUnsafeBytes(in: range) { type.floats($0) }
  }
}

extension SafetensorsError.Reason: Error {}
