/// What ``AttentionTile`` works on. Strides are in floats.
public struct AttentionTileArguments {
  /// The first query row's first head: [positionCount, queryStride], of which `groupSize · headDimension` are used.
  public var queries: UnsafePointer<Float>
  public var queryStride: Int
  /// The keys of the sequence from position 0, of this key-value head: blocks of [headDimension][``KeyBlock/length``].
  public var keyBlocks: UnsafePointer<Float>
  /// The values of the sequence from position 0: [keys, valueStride], of which `headDimension` are used. Up to
  /// 31 floats after the last are read, and do not count.
  public var values: UnsafePointer<Float>
  public var valueStride: Int
  /// [positionCount, outputStride], of which `groupSize · headDimension` are written.
  public var output: UnsafeMutablePointer<Float>
  public var outputStride: Int
  /// Consecutive positions of the sequence whose queries these are: `firstPosition..<firstPosition + positionCount`.
  public var firstPosition: Int
  public var positionCount: Int
  /// Query heads that share the key-value head.
  public var groupSize: Int
  public var headDimension: Int
  /// What a score is multiplied by: 1/√headDimension.
  public var scale: Float
  /// `AttentionScratch.byteCount` bytes, aligned to 64.
  public var scratch: UnsafeMutableRawPointer
}

/// Keys are stored transposed, in blocks of 32: then the lanes of a vector are keys, and a score is one accumulator.
public enum KeyBlock {
  public static var length: Int { 32 }

  /// The floats that `keyCount` keys of one head take.
  public static func floatCount(keyCount: Int, headDimension: Int) -> Int {
    (keyCount + length - 1) / length * length * headDimension
  }
}

/// The buffers of one tile of attention, cut from one piece of memory.
public struct AttentionScratch {
  /// The most query rows of a tile: 16 tiles of 6.
  public static var rowCapacity: Int { 96 }
  /// The keys between two updates of the running maximum. A definition: other steps give other bits.
  public static var stepLength: Int { 128 }

  /// [rows, headDimension], scaled
  public let queries: UnsafeMutablePointer<Float>
  /// [rows, stepLength]: scores, then weights
  public let scores: UnsafeMutablePointer<Float>
  /// [rows, outputStride]: sums of weighted values
  public let outputs: UnsafeMutablePointer<Float>
  public let outputStride: Int
  /// [rows] each
  public let maxima: UnsafeMutablePointer<Float>
  public let newMaxima: UnsafeMutablePointer<Float>
  public let corrections: UnsafeMutablePointer<Float>
  public let sums: UnsafeMutablePointer<Float>

  @inlinable @inline(__always)
  public init(_ memory: UnsafeMutableRawPointer, headDimension: Int) {
    outputStride = Self.paddedDimension(headDimension)
    let rows = Self.rowCapacity
    queries = memory.assumingMemoryBound(to: Float.self)
    scores = queries + rows * outputStride
    outputs = scores + rows * Self.stepLength
    maxima = outputs + rows * outputStride
    newMaxima = maxima + rows
    corrections = newMaxima + rows
    sums = corrections + rows
  }

  public static func byteCount(headDimension: Int) -> Int {
    rowCapacity * (2 * paddedDimension(headDimension) + stepLength + 4) * MemoryLayout<Float>.stride
  }

  /// `headDimension` rounded up to whole tiles of 32 columns.
  @inlinable
  static func paddedDimension(_ headDimension: Int) -> Int { (headDimension + 31) / 32 * 32 }
}
