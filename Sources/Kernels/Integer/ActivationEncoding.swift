/// How many bits the activations of an integer multiply have.
public enum IntegerPrecision: String, CaseIterable, Sendable {
  /// −127…127.
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
/// ```
/// An 8-bit activation is `scale · high`, a 16-bit one `scale · (256 · high + low)`. Bytes are stored plus
/// 128, so that they are the unsigned side of the dot product; the weights are the signed side.
public protocol ActivationEncoding {
  /// p: how many bytes an activation has.
  static var planeCount: Int { get }
  /// The integer that the largest magnitude of a block becomes.
  static var largestMagnitude: Float { get }
  /// Where integer sums of products begin: ``SumBias/bits``, or 0 where they are too large for that.
  static var sumBias: Int32 { get }
}

public enum EightBitEncoding: ActivationEncoding {
  @inlinable @inline(__always)
  public static var planeCount: Int { 1 }
  @inlinable @inline(__always)
  public static var largestMagnitude: Float { 127 }
  /// 32 · 127 · 128 < 2²².
  @inlinable @inline(__always)
  public static var sumBias: Int32 { SumBias.bits }
}

public enum SixteenBitEncoding: ActivationEncoding {
  @inlinable @inline(__always)
  public static var planeCount: Int { 2 }
  /// 127 · 256 + 127: the largest whose bytes both fit −128…127, with room for a low byte that rounds up.
  @inlinable @inline(__always)
  public static var largestMagnitude: Float { 32639 }
  @inlinable @inline(__always)
  public static var sumBias: Int32 { 0 }
}

extension ActivationEncoding {
  @inlinable @inline(__always)
  public static var planeSize: Int { 192 }
  @inlinable @inline(__always)
  public static var scaleOffset: Int { planeCount &* planeSize }
  @inlinable @inline(__always)
  public static var sumOffset: Int { scaleOffset &+ 24 }
  @inlinable @inline(__always)
  public static var halfSumOffset: Int { scaleOffset &+ 48 }
  @inlinable @inline(__always)
  public static var recordSize: Int { scaleOffset &+ 96 }
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
