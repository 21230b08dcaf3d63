/// How many bits the activations of an integer multiply have.
public enum IntegerPrecision: String, CaseIterable, Sendable {
  /// −127…127; −32639…32639 in the few blocks that an outlier spoils, see ``RowOutliers``.
  case i8
  /// −32639…32639.
  case i16
}

/// The bytes of quantized activations: tiles of six tokens, and in a tile one record for each 32 columns.
///
/// ```
/// offset          size
///      0           192   high bytes    [8 groups of 4 columns][6 tokens][4 columns], plus 128
///    192           192   low bytes     the same; 16-bit activations only
///  192 p            24   scales        [6 tokens] float32; p is 1 or 2
///  192 p + 24       24   sums          [6 tokens] float32: the sum of the 32 integers
///  192 p + 48       48   half sums     [2 halves][6 tokens] float32: of columns 0…15, of columns 16…31
///  192 p + 96       24   is wide       [6 tokens] int32: all of them 1 where a token of the tile has a high
///                                      byte here, else 0; 8-bit activations only
/// ```
/// An 8-bit activation is `scale · byte`, a 16-bit one `scale · (256 · high + low)`. Bytes are stored plus
/// 128, so that they are the unsigned side of the dot product; the weights are the signed side.
///
/// With 8 bits, a block that an outlier spoils has 16 (``RowOutliers``): its low bytes are in the record, its
/// high bytes in a plane beside the records (``QuantizedActivations/highBytes``). The high bytes of the other
/// tokens of the tile are zeros there, so that they change no sum; where no token has any, the plane is
/// neither written nor read.
public protocol ActivationEncoding {
  /// p: how many bytes an activation has.
  static var planeCount: Int { get }
  /// The integer that the largest magnitude of a block becomes.
  static var largestMagnitude: Float { get }
  /// Where integer sums of products begin: ``SumBias/bits``, or 0 where they are too large for that.
  static var sumBias: Int32 { get }
  /// Whether some blocks have a byte more than ``planeCount``.
  static var hasWideBlocks: Bool { get }
  /// Whether an activation's two bytes lie together, ``ActivationLayout/sixTokensHalves``.
  static var hasHalves: Bool { get }
}

public enum EightBitEncoding: ActivationEncoding {
  @inlinable @inline(__always)
  public static var planeCount: Int { 1 }
  @inlinable @inline(__always)
  public static var largestMagnitude: Float { 127 }
  /// 32 · 127 · 128 < 2²².
  @inlinable @inline(__always)
  public static var sumBias: Int32 { SumBias.bits }
  @inlinable @inline(__always)
  public static var hasWideBlocks: Bool { true }
}

public enum SixteenBitEncoding: ActivationEncoding {
  @inlinable @inline(__always)
  public static var planeCount: Int { 2 }
  /// 127 · 256 + 127: the largest whose bytes both fit −128…127, with room for a low byte that rounds up.
  @inlinable @inline(__always)
  public static var largestMagnitude: Float { 32639 }
  @inlinable @inline(__always)
  public static var sumBias: Int32 { 0 }
  @inlinable @inline(__always)
  public static var hasWideBlocks: Bool { false }
}

/// The same integers as ``SixteenBitEncoding``, in ``ActivationLayout/sixTokensHalves``.
public enum HalvesEncoding: ActivationEncoding {
  @inlinable @inline(__always)
  public static var planeCount: Int { SixteenBitEncoding.planeCount }
  @inlinable @inline(__always)
  public static var largestMagnitude: Float { SixteenBitEncoding.largestMagnitude }
  @inlinable @inline(__always)
  public static var sumBias: Int32 { 0 }
  @inlinable @inline(__always)
  public static var hasWideBlocks: Bool { false }
  @inlinable @inline(__always)
  public static var hasHalves: Bool { true }
}

extension ActivationEncoding {
  @inlinable @inline(__always)
  public static var hasHalves: Bool { false }
  @inlinable @inline(__always)
  public static var planeSize: Int { 192 }
  @inlinable @inline(__always)
  public static var scaleOffset: Int { planeCount &* planeSize }
  @inlinable @inline(__always)
  public static var sumOffset: Int { scaleOffset &+ 24 }
  @inlinable @inline(__always)
  public static var halfSumOffset: Int { scaleOffset &+ 48 }
  @inlinable @inline(__always)
  public static var wideOffset: Int { scaleOffset &+ 96 }
  @inlinable @inline(__always)
  public static var recordSize: Int { scaleOffset &+ (hasWideBlocks ? 120 : 96) }
  /// The bytes of a record beside the records: the plane of high bytes.
  @inlinable @inline(__always)
  public static var highSize: Int { hasWideBlocks ? planeSize : 0 }
}

/// How quantized activations lie in memory: for which kind of multiply.
public enum ActivationLayout: Sendable {
  /// Tiles of six tokens for vectors, as ``ActivationEncoding`` draws them.
  case sixTokens
  /// The same with signed bytes, 128 less; ``ProductKind/lanes``.
  case sixTokensSigned
  /// Signed bytes, eight columns of a token together, [4 groups of 8 columns][6 tokens][8 columns];
  /// ``ProductKind/pairs``.
  case sixTokensPaired
  /// 16-bit activations as they are, [8 groups of 4 columns][columns 0 and 2; 1 and 3][6 tokens][2 columns]
  /// int16, in the place of both planes of bytes; ``HalvesEncoding``.
  case sixTokensHalves
  /// Tiles of sixteen tokens for matrix registers, as ``MatrixTileRecord`` draws them.
  case sixteenTokens

  @inlinable @inline(__always)
  public var tokensPerTile: Int { self == .sixteenTokens ? 16 : ActivationTile.tokenCount }
}

/// The tile in which activations are stored.
public enum ActivationTile {
  /// Tokens in a tile: with two vectors of outputs, twelve sums and twelve totals in 32 registers.
  @inlinable @inline(__always)
  public static var tokenCount: Int { 6 }
  /// Columns that share a scale.
  @inlinable @inline(__always)
  public static var blockLength: Int { 32 }
}
