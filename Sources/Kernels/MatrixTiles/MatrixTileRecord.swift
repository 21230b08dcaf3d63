/// The bytes of quantized activations for matrix registers: tiles of sixteen tokens, and in a tile one record
/// for each 32 columns.
///
/// ```
/// offset          size
///      0           512   high bytes    [16 tokens][32 columns] int8; 16-bit activations only
///  512 (p − 1)     512   low bytes     the same, less 128; of 8-bit activations, the bytes
///  512 p            64   scales        [16 tokens] float32; p is 1 or 2
///  512 p + 64       64   sums          [16 tokens] float32: the sum of the 32 integers
///  512 p + 128     128   half sums     [2 halves][16 tokens] float32: of columns 0…15, of columns 16…31
///  512 p + 256      64   is wide       int32: 1 where a token of the tile has a high byte here, else 0;
///                                      8-bit activations only
/// ```
/// A 16-bit activation is `scale · (256 · high + low)` with both bytes signed. As ``ActivationEncoding``
/// says, blocks of 8-bit activations that an outlier spoils have high bytes too, in a plane beside the
/// records. The numbers are those of ``ActivationEncoding``, so that the sums are the same.
@usableFromInline
enum MatrixTileRecord<Encoding: ActivationEncoding> {
  @inlinable @inline(__always)
  static var planeSize: Int { 512 }
  @inlinable @inline(__always)
  static var lowOffset: Int { (Encoding.planeCount &- 1) &* planeSize }
  @inlinable @inline(__always)
  static var scaleOffset: Int { Encoding.planeCount &* planeSize }
  @inlinable @inline(__always)
  static var sumOffset: Int { scaleOffset &+ 64 }
  @inlinable @inline(__always)
  static var halfSumOffset: Int { scaleOffset &+ 128 }
  @inlinable @inline(__always)
  static var wideOffset: Int { scaleOffset &+ 256 }
  @inlinable @inline(__always)
  static var recordSize: Int { scaleOffset &+ (Encoding.hasWideBlocks ? 320 : 256) }
  /// The bytes of a record beside the records: the plane of high bytes.
  @inlinable @inline(__always)
  static var highSize: Int { Encoding.hasWideBlocks ? planeSize : 0 }
}
