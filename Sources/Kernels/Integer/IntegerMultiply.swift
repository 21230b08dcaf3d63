/// `Y[tokens, rows] = X[tokens, columns] · W[rows, columns]ᵀ` with integer activations and weights as the file has them.
///
/// For each panel of 32 rows: unpack it into scratch memory, then multiply it with tile after tile of six tokens. The
/// panel stays in the second-level cache, where the activations stream past it.
public enum IntegerMultiply {
  /// Rows of a panel. A worker's range of rows begins at a multiple of it.
  public static var panelRowCount: Int { 32 }

  /// The scratch memory that one worker needs for a matrix with this many columns, in bytes.
  public static func scratchByteCount(columnCount: Int) -> Int {
    columnCount / 32 * NarrowBlocksOf16WithMinimum.recordSize + edgeByteCount
  }

  /// Beside the panel: the blocks of the rows at the edge of a matrix, and the outputs of a tile there.
  @inlinable @inline(__always)
  static var edgeByteCount: Int { 16 &* 256 }

  /// Multiplies some rows with some tiles of tokens.
  ///
  /// - Parameters:
  ///   - rows: begins at a multiple of 32; ends at one or at the last row.
  ///   - tiles: indices of tiles of six tokens.
  ///   - output: [all tokens, all rows], `outputStride` floats from token to token; row `r` of token `t` is written at
  ///     `output[t * outputStride + r]`.
  ///   - scratch: ``scratchByteCount(columnCount:)`` bytes that no other worker uses.
  @inlinable @inline(__always)
  static func run<Instructions: VectorInstructions>(
    _: Instructions.Type, _ weights: QuantizedMatrix, rows: Range<Int>, by activations: QuantizedActivations,
    tiles: Range<Int>, into output: UnsafeMutablePointer<Float>, outputStride: Int,
    scratch: UnsafeMutableRawPointer, unpackTimer: UnpackTimer
  ) {
    let job = IntegerMultiplyJob<Instructions>(
      weights: weights, rows: rows, activations: activations, tiles: tiles, output: output,
      outputStride: outputStride, scratch: scratch, unpackTimer: unpackTimer)
    switch weights.format {
    case .q4_0: job.run(Q4_0Panel.self)
    case .q4_1: job.run(Q4_1Panel.self)
    case .q5_0: job.run(Q5_0Panel.self)
    case .q5_1: job.run(Q5_1Panel.self)
    case .q8_0: job.run(Q8_0Panel.self)
    case .q2_K: job.run(Q2_KPanel.self)
    case .q3_K: job.run(Q3_KPanel.self)
    case .q4_K: job.run(Q4_KPanel.self)
    case .q5_K: job.run(Q5_KPanel.self)
    case .q6_K: job.run(Q6_KPanel.self)
    case .iq4_nl: job.run(IQ4_NLPanel.self)
    case .iq4_xs: job.run(IQ4_XSPanel.self)
    case .f32, .f16, .bf16: break  // ``QuantizedMatrix`` has none of these.
    }
  }
}

/// The arguments of one multiply.
@usableFromInline
struct IntegerMultiplyJob<Instructions: VectorInstructions> {
  @usableFromInline let weights: QuantizedMatrix
  @usableFromInline let rows: Range<Int>
  @usableFromInline let activations: QuantizedActivations
  @usableFromInline let tiles: Range<Int>
  @usableFromInline let output: UnsafeMutablePointer<Float>
  @usableFromInline let outputStride: Int
  @usableFromInline let scratch: UnsafeMutableRawPointer
  @usableFromInline let unpackTimer: UnpackTimer

  @inlinable @inline(__always)
  init(
    weights: QuantizedMatrix, rows: Range<Int>, activations: QuantizedActivations, tiles: Range<Int>,
    output: UnsafeMutablePointer<Float>, outputStride: Int, scratch: UnsafeMutableRawPointer,
    unpackTimer: UnpackTimer
  ) {
    self.weights = weights
    self.rows = rows
    self.activations = activations
    self.tiles = tiles
    self.output = output
    self.outputStride = outputStride
    self.scratch = scratch
    self.unpackTimer = unpackTimer
  }

  @inlinable @inline(__always)
  func run<Format: PanelFormat>(_: Format.Type) {
    switch activations.precision {
    case .i8: run(Format.self, EightBitEncoding.self)
    case .i16: run(Format.self, SixteenBitEncoding.self)
    }
  }

  @inlinable @inline(__always)
  func run<Format: PanelFormat, Encoding: ActivationEncoding>(_: Format.Type, _: Encoding.Type) {
    let edge = scratch
    let panel = scratch + IntegerMultiply.edgeByteCount
    var row = rows.lowerBound
    while row < rows.upperBound {
      let rowCount = min(32, rows.upperBound &- row)
      let start = unpackTimer.start()
      PanelUnpacker<Instructions, Format>.run(
        weights.address + row &* PanelUnpacker<Instructions, Format>.rowSize(weights.columnCount),
        rowCount: rowCount, columnCount: weights.columnCount, into: panel, edge: edge)
      unpackTimer.stop(start)
      multiply(Format.Shape.self, Encoding.self, panel: panel, row: row, rowCount: rowCount)
      row &+= 32
    }
  }

  /// Multiplies an unpacked panel with all tiles of tokens.
  @inlinable @inline(__always)
  func multiply<Shape: PanelShape, Encoding: ActivationEncoding>(
    _: Shape.Type, _: Encoding.Type, panel: UnsafeRawPointer, row: Int, rowCount: Int
  ) {
    typealias Tile = IntegerTile<Instructions, Shape, Encoding>
    let recordCount = activations.columnCount / ActivationTile.blockLength
    var tile = tiles.lowerBound
    while tile < tiles.upperBound {
      let token = tile &* ActivationTile.tokenCount
      let tokenCount = min(ActivationTile.tokenCount, activations.tokenCount &- token)
      let records = activations.address + tile &* recordCount &* Encoding.recordSize
      let target = output + (token &* outputStride &+ row)
      if rowCount == 32 {
        Tile.run(
          tokenCount: tokenCount, panel: panel, activations: records, recordCount: recordCount,
          output: target, outputStride: outputStride)
      } else {
        let edge = scratch.assumingMemoryBound(to: Float.self)
        Tile.run(
          tokenCount: tokenCount, panel: panel, activations: records, recordCount: recordCount,
          output: edge, outputStride: 32)
        for slot in 0..<tokenCount {
          UnsafeMutableRawPointer(target + slot &* outputStride)
            .copyMemory(from: edge + slot &* 32, byteCount: rowCount &* 4)
        }
      }
      tile &+= 1
    }
  }
}
