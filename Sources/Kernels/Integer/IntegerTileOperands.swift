/// What a tile reads and writes.
@usableFromInline
struct IntegerTileOperands {
  /// `recordCount` records of a panel, at the first row of the tile.
  @usableFromInline var panel: UnsafeRawPointer
  /// `recordCount` records of activations, at the first slot of the tile.
  @usableFromInline var activations: UnsafeRawPointer
  /// The high bytes beside these records, at the first slot of the tile.
  @usableFromInline var highBytes: UnsafeRawPointer
  @usableFromInline var recordCount: Int
  /// [tokens, rows], `outputStride` floats from token to token.
  @usableFromInline var output: UnsafeMutablePointer<Float>
  @usableFromInline var outputStride: Int
  /// Whether the output has the sums over the columns before these, to be added to.
  @usableFromInline var continuesOutput: Bool
  /// Room for a vector of each output: 768 bytes.
  @usableFromInline var partials: UnsafeMutableRawPointer
  /// Memory that will be needed soon; this many cache lines are asked for with each record.
  @usableFromInline var prefetchAddress: UnsafeRawPointer
  @usableFromInline var prefetchedLinesPerRecord: Int

  @inlinable @inline(__always)
  init(
    panel: UnsafeRawPointer, activations: UnsafeRawPointer, highBytes: UnsafeRawPointer, recordCount: Int,
    output: UnsafeMutablePointer<Float>, outputStride: Int, continuesOutput: Bool,
    partials: UnsafeMutableRawPointer, prefetchAddress: UnsafeRawPointer, prefetchedLinesPerRecord: Int
  ) {
    self.panel = panel
    self.activations = activations
    self.highBytes = highBytes
    self.recordCount = recordCount
    self.output = output
    self.outputStride = outputStride
    self.continuesOutput = continuesOutput
    self.partials = partials
    self.prefetchAddress = prefetchAddress
    self.prefetchedLinesPerRecord = prefetchedLinesPerRecord
  }

  /// The operands of a smaller tile, `slot` tokens and `row` rows further.
  @inlinable @inline(__always)
  func advanced(slot: Int, row: Int) -> Self {
    var operands = self
    operands.panel += row &* 4
    operands.activations += slot &* 4
    operands.highBytes += slot &* 4
    operands.output += slot &* outputStride &+ row
    // The first one has asked.
    if slot > 0 || row > 0 { operands.prefetchedLinesPerRecord = 0 }
    return operands
  }
}
