import JSON
import Kernels

/// Where everything lies in a file of float32 tensors whose shapes are known before their values are: the
/// header can be written first, and values where they belong, in any order, with nothing held in memory.
///
/// ```
/// header length   u64, little-endian
/// header          JSON: {"__metadata__":{…},"name":{"dtype":"F32","shape":[…],"data_offsets":[begin,end]},…}
///                 and spaces, so that the data begin at a multiple of 8
/// data            the tensors' values, row-major, end to end
/// ```
package struct SafetensorsLayout: Sendable {
  package struct Tensor: Equatable, Sendable {
    package let name: String
    package let rowCount: Int
    package let columnCount: Int

    package init(name: String, rowCount: Int, columnCount: Int) {
      self.name = name
      self.rowCount = rowCount
      self.columnCount = columnCount
    }

    var byteCount: Int { rowCount * columnCount * 4 }
  }

  /// The bytes before the data.
  package let header: [UInt8]
  package let byteCount: Int
  private let places: [String: (tensor: Tensor, offset: Int)]

  /// - Parameter metadata: strings by key, written in their order.
  /// - Requires: names and keys are different.
  package init(_ tensors: [Tensor], metadata: [(key: String, value: String)]) {
    var members = [
      JSONValue.Member("__metadata__", .object(metadata.map { .init($0.key, .string($0.value)) }))
    ]
    var offsets: [Int] = []
    var end = 0
    for tensor in tensors {
      offsets.append(end)
      end += tensor.byteCount
      members.append(
        .init(
          tensor.name,
          .object([
            .init("dtype", .string(FloatType.f32.rawValue)),
            .init("shape", .array([.number(tensor.rowCount), .number(tensor.columnCount)])),
            .init("data_offsets", .array([.number(end - tensor.byteCount), .number(end)])),
          ])))
    }
    var json: [UInt8] = []
    json.append(json: .object(members))
    json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    let header = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json
    self.header = header
    byteCount = header.count + end
    places = Dictionary(
      uniqueKeysWithValues: zip(tensors, offsets).map { ($0.name, ($0, header.count + $1)) })
  }

  /// Where a row of a tensor begins in the file; nil where the tensor is not in it.
  package func offset(of name: String, row: Int) -> Int? {
    guard let (tensor, offset) = places[name] else { return nil }
    precondition((0..<tensor.rowCount).contains(row))
    return offset + row * tensor.columnCount * 4
  }
}

/// Something that takes bytes at any place.
package protocol PositionedOutput {
  func write(_ bytes: [UInt8], at offset: Int) throws
}

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
