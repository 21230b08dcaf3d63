import Kernels
import Testing

@Suite struct DequantizationTests {
  @Test(arguments: BlockFormat.allCases)
  func blockSizesAreThoseOfTheReference(format: BlockFormat) throws {
    let golden = try GoldenBlocks(format, .finite)
    #expect(format.bytesPerBlock == golden.bytesPerBlock)
    #expect(format.valuesPerBlock == golden.valuesPerBlock)
    #expect(format.byteCount(ofValues: golden.values.count) == golden.blocks.count)
    #expect(format.byteCount(ofValues: 0) == 0)
  }

  /// Zeros keep their signs: the bits are compared, not the numbers.
  @Test(arguments: BlockFormat.allCases)
  func finiteValuesHaveTheBitsOfTheReference(format: BlockFormat) throws {
    let golden = try GoldenBlocks(format, .finite)
    let values = dequantize(golden.blocks[...], format: format, count: golden.values.count)
    #expect(golden.values.allSatisfy { $0.isFinite })
    #expect(values.map(\.bitPattern) == golden.values.map(\.bitPattern))
  }

  /// The sign and payload of a NaN are left to the CPU; everything else is compared by its bits.
  ///
  /// NVFP4 has finite scales only, MXFP4 has no NaN: zero times its largest scale is zero.
  @Test(arguments: BlockFormat.allCases.filter { $0 != .nvfp4 })
  func infinitiesAndNaNsPropagateAsInTheReference(format: BlockFormat) throws {
    let golden = try GoldenBlocks(format, .nonfinite)
    let values = dequantize(golden.blocks[...], format: format, count: golden.values.count)
    #expect(golden.values.contains { $0.isNaN } || format == .mxfp4)
    #expect(golden.values.contains { $0.isInfinite })
    for (value, expected) in zip(values, golden.values) {
      #expect(value.bitPattern == expected.bitPattern || value.isNaN && expected.isNaN)
    }
  }

  /// Every count of blocks, with the blocks and the values at shifted addresses, writes exactly its values.
  @Test(arguments: BlockFormat.allCases)
  func anyAddressAndAnyCount(format: BlockFormat) throws {
    let golden = try GoldenBlocks(format, .finite)
    let counts = [0, 1, 2, 3, 7, 15, 16, 17, 33, golden.blockCount].filter { $0 <= golden.blockCount }
    for (shift, count) in counts.enumerated() {
      let (blocks, expected) = golden.prefix(count)
      let values = dequantize(blocks, format: format, count: expected.count, shift: shift)
      #expect(values.map(\.bitPattern) == expected.map(\.bitPattern), "\(count) blocks, shifted by \(shift)")
    }
  }

  /// Dequantizes a copy of the blocks that starts `shift` bytes after an aligned address, into memory `shift`
  /// floats after one, and checks that no float on either side is written.
  private func dequantize(
    _ blocks: ArraySlice<UInt8>, format: BlockFormat, count: Int, shift: Int = 0
  ) -> [Float] {
    let untouched: Float = 12345
    let source = UnsafeMutableRawBufferPointer.allocate(byteCount: shift + blocks.count, alignment: 64)
    let target = UnsafeMutableBufferPointer<Float>.allocate(capacity: shift + count + 16)
    defer {
      source.deallocate()
      target.deallocate()
    }
    UnsafeMutableRawBufferPointer(rebasing: source[shift...]).copyBytes(from: blocks)
    target.initialize(repeating: untouched)

    format.dequantize(source.baseAddress! + shift, count: count, into: target.baseAddress! + shift)

    #expect(target[..<shift].allSatisfy { $0 == untouched })
    #expect(target[(shift + count)...].allSatisfy { $0 == untouched })
    return Array(target[shift..<(shift + count)])
  }
}
