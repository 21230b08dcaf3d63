import Kernels

/// As in the kernels' tests, where Foundation reads the files.
struct GoldenBlocks {
  let bytesPerBlock: Int
  let valuesPerBlock: Int
  let blocks: [UInt8]
  let values: [Float]

  var blockCount: Int { blocks.count / bytesPerBlock }

  enum Kind: String, CaseIterable {
    case finite, nonfinite
  }

  init(_ format: BlockFormat, _ kind: Kind) {
    let bytes = testData("blocks/\(format.rawValue.uppercased()).\(kind.rawValue).golden")
    let header = bytes.withUnsafeBytes { bytes in
      (0..<3).map { Int(bytes.load(fromByteOffset: 4 * $0, as: UInt32.self)) }
    }
    bytesPerBlock = header[1]
    valuesPerBlock = header[2]
    let valuesStart = 12 + header[0] * bytesPerBlock
    blocks = Array(bytes[12..<valuesStart])
    values = bytes[valuesStart...].withUnsafeBytes { bytes in
      (0..<header[0] * header[2]).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  /// The bytes and values of the first blocks.
  func prefix(_ count: Int) -> (blocks: ArraySlice<UInt8>, values: ArraySlice<Float>) {
    (blocks.prefix(count * bytesPerBlock), values.prefix(count * valuesPerBlock))
  }
}

/// The coordinates of a grid.
func goldenGrid(_ name: String) -> [Int32] {
  testData("blocks/\(name).grid").map { Int32(Int8(bitPattern: $0)) }
}
