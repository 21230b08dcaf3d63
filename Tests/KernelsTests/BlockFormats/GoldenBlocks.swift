import Foundation
import Kernels

/// Blocks of one format and the values that the Python package gguf reads from them: a file of
/// testdata/blocks, as described in tools/make_block_golden.py.
struct GoldenBlocks {
  let bytesPerBlock: Int
  let valuesPerBlock: Int
  let blocks: [UInt8]
  let values: [Float]

  var blockCount: Int { blocks.count / bytesPerBlock }

  enum Kind: String, CaseIterable {
    case finite, nonfinite
  }

  init(_ format: BlockFormat, _ kind: Kind) throws {
    let name = "\(format.rawValue.uppercased()).\(kind.rawValue).golden"
    let bytes = [UInt8](try Data(contentsOf: goldenFolder.appending(path: name)))
    let headerSize = 12
    let header = bytes.withUnsafeBytes { bytes in
      (0..<3).map { Int(bytes.load(fromByteOffset: 4 * $0, as: UInt32.self)) }
    }
    bytesPerBlock = header[1]
    valuesPerBlock = header[2]
    let valuesStart = headerSize + header[0] * bytesPerBlock
    blocks = Array(bytes[headerSize..<valuesStart])
    values = bytes[valuesStart...].withUnsafeBytes { bytes in
      (0..<header[0] * header[2]).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  /// The bytes and values of the first blocks.
  func prefix(_ count: Int) -> (blocks: ArraySlice<UInt8>, values: ArraySlice<Float>) {
    (blocks.prefix(count * bytesPerBlock), values.prefix(count * valuesPerBlock))
  }
}

private let goldenFolder = (0..<4)
  .reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
  .appending(path: "testdata/blocks")

/// The coordinates of a grid.
func goldenGrid(_ name: String) -> [Int32] {
  try! Data(contentsOf: goldenFolder.appending(path: "\(name).grid")).map { Int32(Int8(bitPattern: $0)) }
}
