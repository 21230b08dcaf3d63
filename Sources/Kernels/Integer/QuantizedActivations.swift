/// Activations [tokens, columns] as integers, with one scale for each token and 32 columns.
///
/// A view of memory that the caller owns; ``ActivationEncoding`` and ``MatrixTileRecord`` draw the bytes.
/// Tiles of tokens are independent of each other, so that workers can fill and read different tiles at the
/// same time.
public struct QuantizedActivations {
  public let address: UnsafeMutableRawPointer
  public let tokenCount: Int
  /// A multiple of 32.
  public let columnCount: Int
  public let precision: IntegerPrecision
  public let layout: ActivationLayout

  /// - Requires: `address` has ``byteCount(tokenCount:columnCount:precision:layout:)`` bytes, at any
  ///   alignment; `columnCount` is a multiple of 32.
  @inlinable
  public init(
    address: UnsafeMutableRawPointer, tokenCount: Int, columnCount: Int, precision: IntegerPrecision,
    layout: ActivationLayout = .sixTokens
  ) {
    self.address = address
    self.tokenCount = tokenCount
    self.columnCount = columnCount
    self.precision = precision
    self.layout = layout
  }

  /// The memory that activations of this shape need.
  public static func byteCount(
    tokenCount: Int, columnCount: Int, precision: IntegerPrecision, layout: ActivationLayout = .sixTokens
  ) -> Int {
    let perTile = layout.tokensPerTile
    return (tokenCount + perTile - 1) / perTile * (columnCount / ActivationTile.blockLength)
      * recordSize(precision, layout)
  }

  public var tileCount: Int { (tokenCount + layout.tokensPerTile - 1) / layout.tokensPerTile }

  /// Where the high bytes of 8-bit activations are, behind all records and in their order.
  @inlinable @inline(__always)
  func highBytes(recordSize: Int) -> UnsafeMutableRawPointer {
    let perTile = layout.tokensPerTile
    let tiles = (tokenCount &+ perTile &- 1) / perTile
    return address + tiles &* (columnCount / ActivationTile.blockLength) &* recordSize
  }

  /// The bytes of a record, those beside the records included.
  private static func recordSize(_ precision: IntegerPrecision, _ layout: ActivationLayout) -> Int {
    switch (layout, precision) {
    case (.sixteenTokens, .i8):
      MatrixTileRecord<EightBitEncoding>.recordSize + MatrixTileRecord<EightBitEncoding>.highSize
    case (.sixteenTokens, .i16):
      MatrixTileRecord<SixteenBitEncoding>.recordSize + MatrixTileRecord<SixteenBitEncoding>.highSize
    case (_, .i8): EightBitEncoding.recordSize + EightBitEncoding.highSize
    case (_, .i16): SixteenBitEncoding.recordSize + SixteenBitEncoding.highSize
    }
  }
}
