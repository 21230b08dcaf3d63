import Kernels

/// The kinds of numbers that are read.
package enum FloatType: String, CaseIterable, Sendable {
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"

  var byteCount: Int { self == .f32 ? 4 : 2 }

  /// Exactly the numbers that little-endian `bytes` hold.
  func floats(_ bytes: UnsafeRawBufferPointer) -> [Float] {
    (0..<bytes.count / byteCount).map { index in
      switch self {
      case .f32:
        Float(
          bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
      case .f16: Float(halfBits: Self.word(bytes, index))
      case .bf16: Float(bitPattern: UInt32(Self.word(bytes, index)) << 16)
      }
    }
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt16 {
    UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
  }
}

extension [Float] {
  /// Little-endian float32.
  package var littleEndianBytes: [UInt8] {
    map(\.bitPattern.littleEndian).withUnsafeBytes { [UInt8]($0) }
  }
}
