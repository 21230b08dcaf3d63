/// What ``AttentionTile`` works on. Strides are in floats.
public struct AttentionTileArguments {
  /// The first query row's first head: [positionCount, queryStride], of which `groupSize · headDimension` are
  /// used.
  public var queries: UnsafePointer<Float>
  public var queryStride: Int
  /// The keys of the sequence from position 0, of this key-value head: [keys, headDimension]. Up to 5 keys
  /// after the last are read, and do not count.
  public var keys: UnsafePointer<Float>
  /// The values of the same: blocks of [keys, 32], `valueBlockStride` floats from one to the next.
  public var values: UnsafePointer<Float>
  public var valueBlockStride: Int
  /// [positionCount, outputStride], of which `groupSize · headDimension` are written.
  public var output: UnsafeMutablePointer<Float>
  public var outputStride: Int
  /// The position up to which the first query row sees keys; each further position sees one more. For causal
  /// attention these are the queries' own positions, for attention to the whole sequence all of them see its
  /// last key.
  public var firstPosition: Int
  /// Consecutive positions of the sequence whose queries these are.
  public var positionCount: Int
  /// Keys that any of them sees.
  public var keyCount: Int
  /// Query heads that share the key-value head.
  public var groupSize: Int
  public var headDimension: Int
  /// What a score is multiplied by: 1/√headDimension.
  public var scale: Float
  /// ``AttentionScratch/byteCount(headDimension:)`` bytes, aligned to 64.
  public var scratch: UnsafeMutableRawPointer

  /// Query rows of the tile, at most ``AttentionScratch/rowCapacity``.
  @inlinable @inline(__always)
  var rowCount: Int { positionCount * groupSize }
}
