import CInstructions

/// Floats to integers: for each token and block of 32 columns
///
///     scale = largest |x| / M        M = 127 or 32639, ``ActivationEncoding/largestMagnitude``;
///                                    with 8 bits 32639 where ``RowOutliers`` says so
///     q     = x · (M / largest |x|), rounded to the nearest integer, ties to even
///
/// A block whose largest magnitude is below 2⁻⁹⁶ becomes zeros, with scale 0: the reciprocal of a smaller one
/// may not be a float. A block with an infinity or a NaN gets the scale NaN, and so do all outputs of its
/// token.
///
/// Error: |x − scale · q| ≤ scale / 2 · (1 + 2⁻²⁰). The tokens of a tile go together: where a token has one
/// number (a scale, a sum), tokens are lanes. Limited by the number of instructions, about 1.5 for each
/// activation.
public enum ActivationQuantizer<Instructions: VectorInstructions, Encoding: ActivationEncoding> {
  @usableFromInline typealias Vector = Instructions

  /// Quantizes the tokens of some tiles.
  ///
  /// - Parameters:
  ///   - source: [tokens, columns] with `rowStride` floats from token to token.
  ///   - tiles: indices of tiles of the activations' layout; the last may be partly filled, and the rest of
  ///     it becomes zeros.
  @inlinable @inline(__always)
  public static func run(
    _ source: UnsafePointer<Float>, rowStride: Int, tiles: Range<Int>, into activations: QuantizedActivations
  ) {
    guard activations.layout != .sixteenTokens else {
      return runTiles(source, rowStride: rowStride, tiles: tiles, into: activations)
    }
    let blockCount = activations.columnCount / ActivationTile.blockLength
    let size = QuantizerScratch.byteCount &+ 32 &* blockCount
    withUnsafeTemporaryAllocation(byteCount: size, alignment: 64) { memory in
      let scratch = QuantizerScratch(memory.baseAddress.unsafelyUnwrapped)
      var tile = tiles.lowerBound
      while tile < tiles.upperBound {
        let firstToken = tile &* ActivationTile.tokenCount
        let tokenCount = min(ActivationTile.tokenCount, activations.tokenCount &- firstToken)
        if tokenCount < ActivationTile.tokenCount { scratch.clear() }
        let rows = source + firstToken &* rowStride
        let records = activations.address + tile &* blockCount &* Encoding.recordSize
        let highBytes =
          activations.highBytes(recordSize: Encoding.recordSize) + tile &* blockCount &* Encoding.highSize
        var block = 0
        while block < blockCount {
          storeLargestMagnitudes(
            rows + block &* ActivationTile.blockLength, rowStride: rowStride, tokenCount: tokenCount,
            to: scratch.blockMaxima + 32 &* block, scratch)
          block &+= 1
        }
        let wideFrom =
          Encoding.hasWideBlocks
          ? RowOutliers.threshold(scratch.blockMaxima, blockCount: blockCount) : splatWord8(.max)
        block = 0
        while block < blockCount {
          quantizeBlock(
            rows + block &* ActivationTile.blockLength, rowStride: rowStride, tokenCount: tokenCount,
            largest: loadWord8(scratch.blockMaxima + 32 &* block), wideFrom: wideFrom,
            into: records + block &* Encoding.recordSize, highBytes: highBytes + block &* Encoding.highSize,
            scratch)
          block &+= 1
        }
        tile &+= 1
      }
    }
  }

  /// The largest magnitude of a block, for each token of a tile, as bits: [8 tokens] int32.
  @inlinable @inline(__always)
  static func storeLargestMagnitudes(
    _ source: UnsafePointer<Float>, rowStride: Int, tokenCount: Int, to largest: UnsafeMutableRawPointer,
    _ scratch: QuantizerScratch
  ) {
    var token = 0
    while token < tokenCount {
      storeMagnitudes(source + token &* rowStride, to: scratch.magnitudes + token &* Vector.laneCount &* 4)
      token &+= 1
    }
    storeWord8(Vector.largestLanes(scratch.magnitudes), largest)
  }

  /// One block of 32 columns of the tokens of a tile: one record.
  ///
  /// - Parameters:
  ///   - largest: the largest magnitudes, as bits.
  ///   - wideFrom: blocks whose largest magnitude has these bits or more get 16-bit integers.
  @inlinable @inline(__always)
  static func quantizeBlock(
    _ source: UnsafePointer<Float>, rowStride: Int, tokenCount: Int, largest: SIMD8<Int32>,
    wideFrom: SIMD8<Int32>, into record: UnsafeMutableRawPointer, highBytes: UnsafeMutableRawPointer,
    _ scratch: QuantizerScratch
  ) {
    let isWide = isAtLeastWord8(largest, wideFrom)
    let scales = QuantizationScales.store(
      largestMagnitudes: largest, limit: limits(largest, wideFrom: wideFrom), factors: scratch.factors,
      masks: scratch.masks)
    if Encoding.hasWideBlocks, anyLaneWord8(isWide) {
      storeBytes(source, rowStride: rowStride, tokenCount: tokenCount, hasHighBytes: true, scratch)
      storeRecord(record, highBytes: highBytes, isWide: true, scales: scales, scratch)
    } else {
      storeBytes(
        source, rowStride: rowStride, tokenCount: tokenCount, hasHighBytes: Encoding.planeCount == 2, scratch)
      storeRecord(record, highBytes: record, isWide: false, scales: scales, scratch)
    }
  }

  /// The integer that the largest magnitude of each token's block becomes.
  @inlinable @inline(__always)
  static func limits(_ largest: SIMD8<Int32>, wideFrom: SIMD8<Int32>) -> SIMD8<Float> {
    floatsOfBitsWord8(
      selectWord8(
        isAtLeastWord8(largest, wideFrom), bitsOfFloat8(splatFloat8(SixteenBitEncoding.largestMagnitude)),
        bitsOfFloat8(splatFloat8(Encoding.largestMagnitude))))
  }

  /// The integers of all tokens, as bytes.
  @inlinable @inline(__always)
  static func storeBytes(
    _ source: UnsafePointer<Float>, rowStride: Int, tokenCount: Int, hasHighBytes: Bool,
    _ scratch: QuantizerScratch
  ) {
    var token = 0
    while token < tokenCount {
      storeBytes(source + token &* rowStride, token: token, hasHighBytes: hasHighBytes, scratch)
      token &+= 1
    }
  }

  /// The largest magnitude of every `laneCount`-th column, as bits: these compare as integers, a NaN above
  /// infinity.
  @inlinable @inline(__always)
  static func storeMagnitudes(_ row: UnsafePointer<Float>, to magnitudes: UnsafeMutableRawPointer) {
    var largest = Vector.bits(Vector.magnitude(Vector.loadFloats(row)))
    for index in 1..<(32 / Vector.laneCount) {
      let magnitudes = Vector.magnitude(Vector.loadFloats(row + index &* Vector.laneCount))
      largest = Vector.maximum(largest, Vector.bits(magnitudes))
    }
    Vector.store(largest, to: magnitudes)
  }

  /// The integers of one token, as bytes.
  @inlinable @inline(__always)
  static func storeBytes(
    _ row: UnsafePointer<Float>, token: Int, hasHighBytes: Bool, _ scratch: QuantizerScratch
  ) {
    let factor = Vector.splat(
      (scratch.factors + token &* 4).loadUnaligned(as: Float.self))
    let mask = Vector.splat((scratch.masks + token &* 4).loadUnaligned(as: Int32.self))
    for index in 0..<(32 / Vector.laneCount) {
      let integers = Vector.quantized(
        Vector.loadFloats(row + index &* Vector.laneCount), factor: factor, mask: mask)
      let shifted = Vector.add(integers, Vector.splat(128 as Int32))
      let target = scratch.bytes + (token &* 32 &+ index &* Vector.laneCount)
      Vector.storeLowBytes(shifted, to: target)
      if hasHighBytes {
        let high = Vector.add(Vector.shiftRight(shifted, by: 8), Vector.splat(128 as Int32))
        Vector.storeLowBytes(high, to: target + QuantizerScratch.planeSize)
      }
    }
  }

  /// Stores the bytes of all tokens, four columns together, their sums and the scales.
  @inlinable @inline(__always)
  static func storeRecord(
    _ record: UnsafeMutableRawPointer, highBytes: UnsafeMutableRawPointer, isWide: Bool, scales: SIMD8<Float>,
    _ scratch: QuantizerScratch
  ) {
    let hasHighBytes = Encoding.planeCount == 2 || isWide
    let lowBytes = Encoding.planeCount == 2 ? record + Encoding.planeSize : record
    let first =
      Encoding.hasHalves
      ? storeHalves(of: 0, record, scratch) : storeHalf(0, lowBytes, highBytes, hasHighBytes, scratch)
    let second =
      Encoding.hasHalves
      ? storeHalves(of: 1, record, scratch) : storeHalf(1, lowBytes, highBytes, hasHighBytes, scratch)
    if Encoding.hasWideBlocks { storeSixWords(splatWord8(isWide ? 1 : 0), record + Encoding.wideOffset) }
    storeSixFloats(scales, record + Encoding.scaleOffset)
    storeSixFloats(floatsFromWord8(addWord8(first, second)), record + Encoding.sumOffset)
    storeSixFloats(floatsFromWord8(first), record + Encoding.halfSumOffset)
    storeSixFloats(floatsFromWord8(second), record + (Encoding.halfSumOffset &+ 24))
  }

  /// Stores the bytes of sixteen columns.
  ///
  /// - Returns: the sum of these columns' integers, for each token.
  @inlinable @inline(__always)
  static func storeHalf(
    _ half: Int, _ lowBytes: UnsafeMutableRawPointer, _ highBytes: UnsafeMutableRawPointer,
    _ hasHighBytes: Bool, _ scratch: QuantizerScratch
  ) -> SIMD8<Int32> {
    let source = scratch.bytes + 16 &* half
    let excess = splatWord8(16 &* 128)
    let low = subtractWord8(storeGroups(source, lowBytes + 96 &* half), excess)
    guard hasHighBytes else { return low }
    let high = subtractWord8(
      storeGroups(source + QuantizerScratch.planeSize, highBytes + 96 &* half), excess)
    return addWord8(shiftLeftWord8(high, 8), low)
  }

  /// Stores sixteen columns as 16-bit integers, ``ActivationLayout/sixTokensHalves``.
  ///
  /// - Returns: the sum of these columns' integers, for each token.
  @inlinable @inline(__always)
  static func storeHalves(
    of half: Int, _ record: UnsafeMutableRawPointer, _ scratch: QuantizerScratch
  ) -> SIMD8<Int32> {
    let source = scratch.bytes + 16 &* half
    var (lowSums, highSums) = (splatWord8(0), splatWord8(0))
    for group in 0..<4 {
      let low = transposeWord8(source, 32, Int32(truncatingIfNeeded: group))
      let high = transposeWord8(source + QuantizerScratch.planeSize, 32, Int32(truncatingIfNeeded: group))
      lowSums = addBytePairsWord8(lowSums, low)
      highSums = addBytePairsWord8(highSums, high)
      let target = record + 48 &* (4 &* half &+ group)
      storeSixWords(evenHalvesOfBytesWord8(high, low), target)
      storeSixWords(oddHalvesOfBytesWord8(high, low), target + 24)
    }
    let excess = splatWord8(16 &* 128)
    let low = subtractWord8(addHalvesWord8(lowSums), excess)
    return addWord8(shiftLeftWord8(subtractWord8(addHalvesWord8(highSums), excess), 8), low)
  }

  /// Stores sixteen bytes of each token as [4 groups][6 tokens][4 bytes], or as ``ActivationLayout`` says
  /// for another kind of products.
  ///
  /// - Returns: the sum of each token's bytes.
  @inlinable @inline(__always)
  static func storeGroups(_ bytes: UnsafeRawPointer, _ target: UnsafeMutableRawPointer) -> SIMD8<Int32> {
    let groups: InlineArray<4, SIMD8<Int32>> = [
      transposeWord8(bytes, 32, 0), transposeWord8(bytes, 32, 1), transposeWord8(bytes, 32, 2),
      transposeWord8(bytes, 32, 3),
    ]
    var sums = splatWord8(0)
    for group in 0..<4 { sums = addBytePairsWord8(sums, groups[group]) }
    switch Vector.productKind {
    case .words:
      for group in 0..<4 { storeSixWords(groups[group], target + 24 &* group) }
    case .lanes:
      for group in 0..<4 { storeSixWords(signed(groups[group]), target + 24 &* group) }
    case .pairs:
      for pair in 0..<2 {
        let (first, second) = (signed(groups[2 &* pair]), signed(groups[2 &* pair &+ 1]))
        storeWord8(interleavedLowWord8(first, second), target + 48 &* pair)
        storeWord4(lowHalfWord8(interleavedHighWord8(first, second)), target + (48 &* pair &+ 32))
      }
    }
    return addHalvesWord8(sums)
  }

  /// Bytes, less 128.
  @inlinable @inline(__always)
  static func signed(_ bytes: SIMD8<Int32>) -> SIMD8<Int32> {
    exclusiveOrWord8(bytes, splatWord8(Int32(bitPattern: 0x8080_8080)))
  }
}

/// The memory between the steps of ``ActivationQuantizer``: eight tokens, of which six are used.
@usableFromInline
struct QuantizerScratch {
  @usableFromInline let memory: UnsafeMutableRawPointer

  @inlinable @inline(__always)
  init(_ memory: UnsafeMutableRawPointer) { self.memory = memory }

  @inlinable @inline(__always)
  static var byteCount: Int { 512 &+ 2 &* planeSize &+ 64 }
  /// The bytes of one plane.
  @inlinable @inline(__always)
  static var planeSize: Int { 8 &* 32 }

  /// [8 tokens][laneCount]
  @inlinable @inline(__always)
  var magnitudes: UnsafeMutableRawPointer { memory }
  /// [low, high][8 tokens][32 columns]
  @inlinable @inline(__always)
  var bytes: UnsafeMutableRawPointer { memory + 512 }
  /// [8 tokens] float32, see ``QuantizationScales``
  @inlinable @inline(__always)
  var factors: UnsafeMutableRawPointer { memory + (512 &+ 2 &* Self.planeSize) }
  /// [8 tokens] int32
  @inlinable @inline(__always)
  var masks: UnsafeMutableRawPointer { memory + (512 &+ 2 &* Self.planeSize &+ 32) }
  /// [blocks][8 tokens] int32: the largest magnitude of each block, as bits.
  @inlinable @inline(__always)
  var blockMaxima: UnsafeMutableRawPointer { memory + Self.byteCount }

  /// What tokens that do not exist have: zeros.
  @inlinable @inline(__always)
  func clear() {
    magnitudes.initializeMemory(as: UInt8.self, repeating: 0, count: 512)
    bytes.initializeMemory(as: UInt8.self, repeating: 128, count: 2 &* Self.planeSize)
  }
}
