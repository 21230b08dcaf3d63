/// `Y[tokens, rows] = X[tokens, columns] · W[rows, columns]ᵀ` with integer activations and weights as the
/// file has them.
///
/// For each panel of 32 rows: unpack it into scratch memory, then multiply it with tile after tile of six
/// tokens. With many tokens the whole panel is unpacked at once; it stays in the second-level cache, and the
/// activations stream past it. With few, unpacking counts as much as multiplying: then it goes by sections of
/// columns that stay in the first level. Each output adds its columns in the same order either way.
public enum IntegerMultiply {
  /// Rows of a panel. A worker's range of rows begins at a multiple of it.
  public static var panelRowCount: Int { 32 }

  /// The scratch memory that one worker needs for a matrix with this many columns, in bytes.
  public static func scratchByteCount(columnCount: Int) -> Int {
    panelOffset + columnCount / 32 * NibbleBlocksOf16WithMinimum.recordSize(hasHalves: true)
  }

  /// Beside the panel: the blocks of the rows at the edge of a matrix, and the outputs of a tile there.
  @inlinable @inline(__always)
  static var edgeByteCount: Int { 16 &* 256 }

  /// The panel, behind the memory for edges and for matrix tiles.
  @inlinable @inline(__always)
  static var panelOffset: Int { edgeByteCount &+ 20_480 }

  /// The partial sums of a tile lie where the blocks of the edge did, behind the outputs of a tile.
  @inlinable @inline(__always)
  static var partialsOffset: Int { 1024 }

  /// Multiplies some rows with some tiles of tokens.
  ///
  /// - Parameters:
  ///   - rows: begins at a multiple of 32; ends at one or at the last row.
  ///   - tiles: indices of tiles of six tokens; on matrix tiles, of sixteen.
  ///   - output: [all tokens, all rows], `outputStride` floats from token to token; row `r` of token `t` is
  ///     written at
  ///     `output[t * outputStride + r]`.
  ///   - next: weights that this worker will probably need next; may be empty.
  ///   - scratch: ``scratchByteCount(columnCount:)`` bytes that no other worker uses.
  @inlinable @inline(__always)
  static func run<Instructions: VectorInstructions, Tiles: MatrixTiles>(
    _: Instructions.Type, _: Tiles.Type, _ weights: QuantizedMatrix, rows: Range<Int>,
    by activations: QuantizedActivations,
    tiles: Range<Int>, into output: UnsafeMutablePointer<Float>, outputStride: Int,
    next: UnsafeRawBufferPointer, scratch: UnsafeMutableRawPointer, unpackTimer: UnpackTimer
  ) {
    let job = IntegerMultiplyJob<Instructions, Tiles>(
      weights: weights, rows: rows, activations: activations, tiles: tiles, output: output,
      outputStride: outputStride, next: next, scratch: scratch, unpackTimer: unpackTimer)
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
    case .iq1_s: job.run(IQ1_SPanel.self)
    case .iq1_m: job.run(IQ1_MPanel.self)
    case .iq2_xxs: job.run(IQ2_XXSPanel.self)
    case .iq2_xs: job.run(IQ2_XSPanel.self)
    case .iq2_s: job.run(IQ2_SPanel.self)
    case .iq3_xxs: job.run(IQ3_XXSPanel.self)
    case .iq3_s: job.run(IQ3_SPanel.self)
    case .iq4_nl: job.run(IQ4_NLPanel.self)
    case .iq4_xs: job.run(IQ4_XSPanel.self)
    case .tq1_0: job.run(TQ1_0Panel.self)
    case .tq2_0: job.run(TQ2_0Panel.self)
    case .mxfp4: job.run(MXFP4Panel.self)
    case .nvfp4: job.run(NVFP4Panel.self)
    case .f32, .f16, .bf16: break  // ``QuantizedMatrix`` has none of these.
    }
  }
}
