/// Floats to integers: for each token and block of 32 columns
///
///     scale = largest |x| / M        M = 127 or 32639, ``ActivationEncoding/largestMagnitude``
///     q     = x · (M / largest |x|), rounded to the nearest integer, ties to even
///
/// A block whose largest magnitude is below 2⁻⁹⁶ becomes zeros, with scale 0: the reciprocal of a smaller one may not
/// be a float. A block with an infinity or a NaN gets the scale NaN, and so do all outputs of its token.
///
/// Error: |x − scale · q| ≤ scale / 2 · (1 + 2⁻²⁰). Limited by the arithmetic of a few instructions for each vector.
public enum ActivationQuantizer<Instructions: VectorInstructions, Encoding: ActivationEncoding> {
  @usableFromInline typealias Vector = Instructions

  /// Quantises the tokens of some tiles.
  ///
  /// - Parameters:
  ///   - source: [tokens, columns] with `rowStride` floats from token to token.
  ///   - tiles: indices of tiles of six tokens; the last may be partly filled, and the rest of it is left as it is.
  @inlinable @inline(__always)
  public static func run(
    _ source: UnsafePointer<Float>, rowStride: Int, tiles: Range<Int>, into activations: QuantizedActivations
  ) {
    let blockCount = activations.columnCount / ActivationTile.blockLength
    var tile = tiles.lowerBound
    while tile < tiles.upperBound {
      let firstToken = tile &* ActivationTile.tokenCount
      let tokenCount = min(ActivationTile.tokenCount, activations.tokenCount &- firstToken)
      let records = activations.address + tile &* blockCount &* Encoding.recordSize
      var slot = 0
      while slot < tokenCount {
        let row = source + (firstToken &+ slot) &* rowStride
        var block = 0
        while block < blockCount {
          quantizeBlock(
            row + block &* ActivationTile.blockLength, into: records + block &* Encoding.recordSize,
            slot: slot)
          block &+= 1
        }
        slot &+= 1
      }
      tile &+= 1
    }
  }

  @inlinable @inline(__always)
  static func quantizeBlock(
    _ source: UnsafePointer<Float>, into record: UnsafeMutableRawPointer, slot: Int
  ) {
    var largestBits = Vector.splat(0 as Int32)
    for index in 0..<(32 / Vector.laneCount) {
      let magnitudes = Vector.magnitude(Vector.loadFloats(source + index &* Vector.laneCount))
      largestBits = Vector.maximum(largestBits, Vector.bits(magnitudes))
    }
    // Magnitudes compare as their bits do, and a NaN is above infinity.
    let largest = Float(bitPattern: UInt32(bitPattern: Vector.largest(largestBits)))
    guard largest >= 0x1p-96, largest < .infinity else {
      storeZeros(into: record, slot: slot, scale: largest < 0x1p-96 ? 0 : .nan)
      return
    }

    let factor = Vector.splat(Encoding.largestMagnitude / largest)
    var halfSums: (Int32, Int32) = (0, 0)
    for index in 0..<(32 / Vector.laneCount) {
      let floats = Vector.loadFloats(source + index &* Vector.laneCount)
      let integers = Vector.rounded(Vector.multiply(floats, factor))
      store(integers, into: record, firstColumn: index &* Vector.laneCount, slot: slot)
      if index &* Vector.laneCount < 16 {
        halfSums.0 &+= Vector.sum(integers)
      } else {
        halfSums.1 &+= Vector.sum(integers)
      }
    }
    storeScale(largest / Encoding.largestMagnitude, halfSums, into: record, slot: slot)
  }

  /// Stores the bytes of one vector of integers, four columns together.
  @inlinable @inline(__always)
  static func store(
    _ integers: Vector.Words, into record: UnsafeMutableRawPointer, firstColumn: Int, slot: Int
  ) {
    let shifted = Vector.add(integers, Vector.splat(128 as Int32))
    if Encoding.planeCount == 1 {
      storeBytes(shifted, into: record, firstColumn: firstColumn, slot: slot)
    } else {
      let high = Vector.add(Vector.shiftRight(shifted, by: 8), Vector.splat(128 as Int32))
      storeBytes(high, into: record, firstColumn: firstColumn, slot: slot)
      storeBytes(shifted, into: record + Encoding.planeSize, firstColumn: firstColumn, slot: slot)
    }
  }

  @inlinable @inline(__always)
  static func storeBytes(
    _ words: Vector.Words, into plane: UnsafeMutableRawPointer, firstColumn: Int, slot: Int
  ) {
    var groups = InlineArray<4, UInt32>(repeating: 0)
    withUnsafeMutableBytes(of: &groups) { Vector.storeLowBytes(words, to: $0.baseAddress!) }
    for group in 0..<(Vector.laneCount / 4) {
      let position = (firstColumn / 4 &+ group) &* ActivationTile.tokenCount &+ slot
      plane.storeBytes(of: groups[group], toByteOffset: position &* 4, as: UInt32.self)
    }
  }

  @inlinable @inline(__always)
  static func storeZeros(into record: UnsafeMutableRawPointer, slot: Int, scale: Float) {
    for group in 0..<(8 &* Encoding.planeCount) {
      let position = group &* ActivationTile.tokenCount &+ slot
      record.storeBytes(of: 0x8080_8080, toByteOffset: position &* 4, as: UInt32.self)
    }
    storeScale(scale, (0, 0), into: record, slot: slot)
  }

  @inlinable @inline(__always)
  static func storeScale(
    _ scale: Float, _ halfSums: (Int32, Int32), into record: UnsafeMutableRawPointer, slot: Int
  ) {
    let fields = (record + slot &* 4)
    fields.storeBytes(of: scale, toByteOffset: Encoding.scaleOffset, as: Float.self)
    fields.storeBytes(
      of: Float(halfSums.0 &+ halfSums.1), toByteOffset: Encoding.sumOffset, as: Float.self)
    fields.storeBytes(of: Float(halfSums.0), toByteOffset: Encoding.halfSumOffset, as: Float.self)
    fields.storeBytes(of: Float(halfSums.1), toByteOffset: Encoding.halfSumOffset &+ 24, as: Float.self)
  }
}
