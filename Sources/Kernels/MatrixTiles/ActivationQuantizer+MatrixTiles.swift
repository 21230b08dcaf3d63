import CInstructions

/// Quantizing for matrix registers: the same numbers in other places, sixteen tokens as two times eight.
extension ActivationQuantizer {
  @usableFromInline typealias TileRecord = MatrixTileRecord<Encoding>

  @inlinable @inline(__always)
  static func runTiles(
    _ source: UnsafePointer<Float>, rowStride: Int, tiles: Range<Int>, into activations: QuantizedActivations
  ) {
    let blockCount = activations.columnCount / ActivationTile.blockLength
    let halfSize = QuantizerScratch.byteCount &+ 32 &* blockCount
    withUnsafeTemporaryAllocation(byteCount: 2 &* halfSize &+ 384, alignment: 64) { memory in
      let address = memory.baseAddress.unsafelyUnwrapped
      let halves: InlineArray<2, QuantizerScratch> = [
        QuantizerScratch(address), QuantizerScratch(address + halfSize),
      ]
      for tile in tiles {
        let tokenCount = min(16, activations.tokenCount &- tile &* 16)
        let counts: InlineArray<2, Int> = [min(8, tokenCount), max(0, tokenCount &- 8)]
        let rows = source + tile &* 16 &* rowStride
        let records = activations.address + tile &* blockCount &* TileRecord.recordSize
        let highBytes =
          activations.highBytes(recordSize: TileRecord.recordSize)
          + tile &* blockCount &* TileRecord.highSize
        var wideFrom: InlineArray<2, SIMD8<Int32>> = [splatWord8(.max), splatWord8(.max)]
        for half in 0..<2 {
          if counts[half] < 8 { halves[half].clear() }
          for block in 0..<blockCount {
            storeLargestMagnitudes(
              rows + (8 &* half &* rowStride &+ 32 &* block), rowStride: rowStride, tokenCount: counts[half],
              to: halves[half].blockMaxima + 32 &* block, halves[half])
          }
          if Encoding.hasWideBlocks {
            wideFrom[half] = RowOutliers.threshold(halves[half].blockMaxima, blockCount: blockCount)
          }
        }
        for block in 0..<blockCount {
          let largest: InlineArray<2, SIMD8<Int32>> = [
            loadWord8(halves[0].blockMaxima + 32 &* block), loadWord8(halves[1].blockMaxima + 32 &* block),
          ]
          let isWide =
            Encoding.hasWideBlocks
            && anyLaneWord8(
              orWord8(
                isAtLeastWord8(largest[0], wideFrom[0]), isAtLeastWord8(largest[1], wideFrom[1])))
          let record = records + block &* TileRecord.recordSize
          for half in 0..<2 {
            quantizeTileBlock(
              rows + (8 &* half &* rowStride &+ 32 &* block), rowStride: rowStride, tokenCount: counts[half],
              largest: largest[half], wideFrom: wideFrom[half], half: half, isWide: isWide, into: record,
              highBytes: Encoding.planeCount == 2 ? record : highBytes + block &* TileRecord.highSize,
              halves[half], unused: address + 2 &* halfSize)
          }
          if Encoding.hasWideBlocks {
            (record + TileRecord.wideOffset).storeBytes(of: isWide ? 1 : 0, as: Int32.self)
          }
        }
      }
    }
  }

  /// One block of 32 columns of eight tokens of a tile.
  ///
  /// - Parameter unused: room for the bytes in the other layout, of which only the sums are wanted.
  @inlinable @inline(__always)
  static func quantizeTileBlock(
    _ source: UnsafePointer<Float>, rowStride: Int, tokenCount: Int, largest: SIMD8<Int32>,
    wideFrom: SIMD8<Int32>, half: Int, isWide: Bool, into record: UnsafeMutableRawPointer,
    highBytes: UnsafeMutableRawPointer, _ scratch: QuantizerScratch, unused: UnsafeMutableRawPointer
  ) {
    let hasHighBytes = Encoding.planeCount == 2 || isWide
    let scales = QuantizationScales.store(
      largestMagnitudes: largest, limit: limits(largest, wideFrom: wideFrom), factors: scratch.factors,
      masks: scratch.masks)
    storeBytes(source, rowStride: rowStride, tokenCount: tokenCount, hasHighBytes: hasHighBytes, scratch)
    let first = storeHalf(0, unused, unused + 192, hasHighBytes, scratch)
    let second = storeHalf(1, unused, unused + 192, hasHighBytes, scratch)
    storeFloat8(scales, record + (TileRecord.scaleOffset &+ 32 &* half))
    storeFloat8(
      floatsFromWord8(addWord8(first, second)), record + (TileRecord.sumOffset &+ 32 &* half))
    storeFloat8(floatsFromWord8(first), record + (TileRecord.halfSumOffset &+ 32 &* half))
    storeFloat8(floatsFromWord8(second), record + (TileRecord.halfSumOffset &+ 64 &+ 32 &* half))
    storeSigned(scratch.bytes, to: record + (TileRecord.lowOffset &+ 256 &* half))
    if hasHighBytes {
      storeSigned(scratch.bytes + QuantizerScratch.planeSize, to: highBytes + 256 &* half)
    }
  }

  /// The bytes of eight tokens, less 128.
  @inlinable @inline(__always)
  static func storeSigned(_ bytes: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
    let signs = Vector.splat(Int32(bitPattern: 0x8080_8080))
    for offset in stride(from: 0, to: 256, by: 4 &* Vector.laneCount) {
      Vector.store(Vector.exclusiveOr(Vector.loadWords(bytes + offset), signs), to: target + offset)
    }
  }
}
