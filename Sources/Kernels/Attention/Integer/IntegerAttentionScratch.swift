/// The buffers of one tile of ``IntegerAttentionTile``: those of the float tile, and integers of one step of
/// keys.
public struct IntegerAttentionScratch {
  /// Its `queries` and `weights` hold floats first, then pairs of integers in their place.
  @usableFromInline let floats: AttentionScratch
  /// [stepLength, headDimension] int16
  @usableFromInline let keys: UnsafeMutableRawPointer
  /// [blocks of 32 columns][pairs of keys][32 columns][2] int16
  @usableFromInline let values: UnsafeMutableRawPointer
  /// [stepLength] each
  @usableFromInline let keyScales: UnsafeMutablePointer<Float>
  @usableFromInline let valueScales: UnsafeMutablePointer<Float>
  /// [rowCapacity] each: of the queries, and of this step's weights
  @usableFromInline let queryScales: UnsafeMutablePointer<Float>
  @usableFromInline let weightScales: UnsafeMutablePointer<Float>
  /// Eight vectors, and for their lanes or for eight rows what ``QuantizationScales`` stores.
  @usableFromInline let magnitudes: UnsafeMutableRawPointer
  @usableFromInline let factors: UnsafeMutableRawPointer
  @usableFromInline let masks: UnsafeMutableRawPointer

  @inlinable @inline(__always)
  init(_ memory: UnsafeMutableRawPointer, headDimension: Int) {
    floats = AttentionScratch(memory, headDimension: headDimension)
    let integers = memory + AttentionScratch.byteCount(headDimension: headDimension)
    keys = integers
    values = keys + Self.operandSize(headDimension)
    let scales = (values + Self.operandSize(headDimension)).assumingMemoryBound(to: Float.self)
    keyScales = scales
    valueScales = keyScales + AttentionScratch.stepLength
    queryScales = valueScales + AttentionScratch.stepLength
    weightScales = queryScales + AttentionScratch.rowCapacity
    magnitudes = UnsafeMutableRawPointer(weightScales + AttentionScratch.rowCapacity)
    factors = magnitudes + 512
    masks = factors + 64
  }

  @inlinable
  public static func byteCount(headDimension: Int) -> Int {
    AttentionScratch.byteCount(headDimension: headDimension) + 2 * operandSize(headDimension)
      + 2 * (AttentionScratch.stepLength + AttentionScratch.rowCapacity) * MemoryLayout<Float>.stride + 512
      + 128
  }

  /// The bytes of the keys, or of the values, of a step.
  @inlinable
  static func operandSize(_ headDimension: Int) -> Int {
    AttentionScratch.stepLength * AttentionScratch.paddedDimension(headDimension) * 2
  }

  /// Pairs of query components: [headDimension / 2, rowCapacity][2] int16
  @inlinable @inline(__always)
  var queryPairs: UnsafeMutableRawPointer { UnsafeMutableRawPointer(floats.queries) }
  /// Pairs of keys' weights: [stepLength / 2, rowCapacity][2] int16
  @inlinable @inline(__always)
  var weightPairs: UnsafeMutableRawPointer { UnsafeMutableRawPointer(floats.weights) }
}
