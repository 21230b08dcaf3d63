import GGUF
import Kernels
import Qwen3

/// How much of a file is stored in one block format.
public struct BlockFormatUse: Sendable, Equatable {
  /// The name that files use: `Q4_K`.
  public let name: String
  public let tensorCount: Int
  public let parameterCount: Int
  public let byteCount: Int
  /// Whether the engine can compute with it.
  public let isSupported: Bool

  /// Bits a parameter takes, block scales included.
  public var bitsPerParameter: Double { 8 * Double(byteCount) / Double(max(parameterCount, 1)) }

  /// The formats in use, by size.
  static func all(in tensors: [TensorInfo]) -> [BlockFormatUse] {
    Dictionary(grouping: tensors, by: \.type).map { type, tensors in
      BlockFormatUse(
        name: type.name, tensorCount: tensors.count,
        parameterCount: tensors.reduce(0) { $0 + $1.elementCount },
        byteCount: tensors.reduce(0) { $0 + $1.byteCount }, isSupported: BlockFormat(type) != nil)
    }
    .sorted { ($1.byteCount, $0.name) < ($0.byteCount, $1.name) }
  }
}

/// One tensor of a file.
public struct TensorFacts: Sendable, Equatable {
  public let name: String
  /// The block format's name.
  public let format: String
  /// Outermost dimension first: a weight is [out, in].
  public let shape: [Int]
  public let byteCount: Int
  /// Which part of a split file holds it, counted from 0.
  public let part: Int
  /// Where its bytes begin in that part.
  public let fileOffset: Int

  init(_ tensor: TensorInfo) {
    name = tensor.name
    format = tensor.type.name
    shape = tensor.shape
    byteCount = tensor.byteCount
    part = tensor.part
    fileOffset = tensor.fileOffset
  }
}
