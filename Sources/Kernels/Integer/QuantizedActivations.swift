/// Activations [tokens, columns] as integers, with one scale for each token and 32 columns.
///
/// A view of memory that the caller owns; ``ActivationEncoding`` draws the bytes. Tiles of six tokens are
/// independent of each other, so that workers can fill and read different tiles at the same time.
public struct QuantizedActivations {
  public let address: UnsafeMutableRawPointer
  public let tokenCount: Int
  /// A multiple of 32.
  public let columnCount: Int
  public let precision: IntegerPrecision

  /// - Requires: `address` has ``byteCount(tokenCount:columnCount:precision:)`` bytes, at any alignment;
  ///   `columnCount` is a multiple of 32.
  @inlinable
  public init(
    address: UnsafeMutableRawPointer, tokenCount: Int, columnCount: Int, precision: IntegerPrecision
  ) {
    self.address = address
    self.tokenCount = tokenCount
    self.columnCount = columnCount
    self.precision = precision
  }

  /// The memory that activations of this shape need.
  public static func byteCount(tokenCount: Int, columnCount: Int, precision: IntegerPrecision) -> Int {
    tileCount(tokenCount: tokenCount) * (columnCount / ActivationTile.blockLength) * recordSize(precision)
  }

  public static func tileCount(tokenCount: Int) -> Int {
    (tokenCount + ActivationTile.tokenCount - 1) / ActivationTile.tokenCount
  }

  public var tileCount: Int { Self.tileCount(tokenCount: tokenCount) }

  static func recordSize(_ precision: IntegerPrecision) -> Int {
    switch precision {
    case .i8: EightBitEncoding.recordSize
    case .i16: SixteenBitEncoding.recordSize
    }
  }
}
