/// The operations of the engine, in one instruction set.
///
/// The engine holds an `any KernelSet` and calls it once for each tile of work, never once for each number.
/// Nothing but pointers and plain values crosses this interface: vector registers have different calling
/// conventions on its two sides.
///
/// A set is an object: Embedded Swift, in which the kernels are tried for Arm, has no other `any`.
///
/// To add an operation: write its body over ``VectorInstructions`` in a file of its own, declare it here, and
/// forward to it from ``InstructionKernelSet``.
public protocol KernelSet: PeakKernels {
  /// The name that `TOUCHSTONE_CPU` takes and `--version` prints.
  var name: String { get }

  /// `sum[i] += addend[i]`; see ``ResidualAdd``.
  func addResidual(_ addend: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, count: Int)

  /// RMSNorm of each row; see ``RMSNorm``.
  func rmsNorm(
    _ input: UnsafePointer<Float>, stride inputStride: Int, rowCount: Int, count: Int,
    weight: UnsafePointer<Float>, epsilon: Float,
    into output: UnsafeMutablePointer<Float>, stride outputStride: Int)

  /// Turns the heads of one token; see ``RotaryEmbedding``.
  func rotate(
    _ heads: UnsafeMutablePointer<Float>, headCount: Int, half: Int,
    cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>)

  /// `gate[i] ← silu(gate[i]) · up[i]`; see ``SwiGLU``.
  func swiGLU(_ gate: UnsafeMutablePointer<Float>, _ up: UnsafePointer<Float>, count: Int)

  /// One tile of attention; see ``AttentionTile``.
  func attend(_ tile: AttentionTileArguments)

  /// One tile of attention in integers; see ``IntegerAttentionTile``.
  func attendIntegers(_ tile: AttentionTileArguments)

  /// One tile of a float multiply; see ``FloatTile``.
  func multiplyFloats(_ tile: FloatTileArguments)

  /// Weights as float32; see ``BlockFormat/dequantize(_:count:into:)``.
  func dequantize(
    _ format: BlockFormat, _ blocks: UnsafeRawPointer, count: Int, into values: UnsafeMutablePointer<Float>)

  /// The layout in which activations are quantized for a multiply of this many tokens. The multiply takes no
  /// other.
  func activationLayout(tokenCount: Int, precision: IntegerPrecision) -> ActivationLayout

  /// Floats to integer activations; see ``ActivationQuantizer``.
  func quantize(
    _ source: UnsafePointer<Float>, rowStride: Int, tiles: Range<Int>, into activations: QuantizedActivations)

  /// `Y = X · Wᵀ` for some rows of W and some tiles of X; see ``IntegerMultiply``.
  func multiply(
    _ weights: QuantizedMatrix, rows: Range<Int>, by activations: QuantizedActivations, tiles: Range<Int>,
    into output: UnsafeMutablePointer<Float>, outputStride: Int, next: UnsafeRawBufferPointer,
    scratch: UnsafeMutableRawPointer, unpackTimer: UnpackTimer)
}

/// A kernel set that is the generic bodies, specialised for one conformance of ``VectorInstructions``.
public protocol InstructionKernelSet: KernelSet {
  associatedtype Instructions: VectorInstructions
}

// Inlined into the protocol's witnesses, these would keep a call for each instruction: the compiler does not
// inline C functions into thunks. So each is one call away from its witness, and specialised there.
extension InstructionKernelSet {
  @inlinable @inline(never)
  public func addResidual(
    _ addend: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, count: Int
  ) {
    ResidualAdd<Instructions>.run(addend, to: sum, count: count)
  }

  @inlinable @inline(never)
  public func rmsNorm(
    _ input: UnsafePointer<Float>, stride inputStride: Int, rowCount: Int, count: Int,
    weight: UnsafePointer<Float>, epsilon: Float,
    into output: UnsafeMutablePointer<Float>, stride outputStride: Int
  ) {
    RMSNorm<Instructions>.run(
      input, stride: inputStride, rowCount: rowCount, count: count, weight: weight, epsilon: epsilon,
      into: output, stride: outputStride)
  }

  @inlinable @inline(never)
  public func rotate(
    _ heads: UnsafeMutablePointer<Float>, headCount: Int, half: Int,
    cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>
  ) {
    RotaryEmbedding<Instructions>.run(heads, headCount: headCount, half: half, cosines: cosines, sines: sines)
  }

  @inlinable @inline(never)
  public func swiGLU(_ gate: UnsafeMutablePointer<Float>, _ up: UnsafePointer<Float>, count: Int) {
    SwiGLU<Instructions>.run(gate, up, count: count)
  }

  @inlinable @inline(never)
  public func attend(_ tile: AttentionTileArguments) {
    AttentionTile<Instructions>.run(tile)
  }

  @inlinable @inline(never)
  public func attendIntegers(_ tile: AttentionTileArguments) {
    IntegerAttentionTile<Instructions>.run(tile)
  }

  @inlinable @inline(never)
  public func multiplyFloats(_ tile: FloatTileArguments) {
    FloatTile<Instructions>.run(tile)
  }

  @inlinable @inline(never)
  public func dequantize(
    _ format: BlockFormat, _ blocks: UnsafeRawPointer, count: Int, into values: UnsafeMutablePointer<Float>
  ) {
    format.dequantizeInlined(blocks, count: count, into: values)
  }

  @inlinable
  public func activationLayout(tokenCount: Int, precision: IntegerPrecision) -> ActivationLayout {
    if precision == .i16, tokenCount >= Instructions.fewestTokensOfHalves { return .sixTokensHalves }
    return switch Instructions.productKind {
    case .words: .sixTokens
    case .lanes: .sixTokensSigned
    case .pairs: .sixTokensPaired
    }
  }

  @inlinable @inline(never)
  public func quantize(
    _ source: UnsafePointer<Float>, rowStride: Int, tiles: Range<Int>, into activations: QuantizedActivations
  ) {
    switch activations.precision {
    case .i8:
      ActivationQuantizer<Instructions, EightBitEncoding>.run(
        source, rowStride: rowStride, tiles: tiles, into: activations)
    case .i16 where Instructions.multipliesHalves && activations.layout == .sixTokensHalves:
      ActivationQuantizer<Instructions, HalvesEncoding>.run(
        source, rowStride: rowStride, tiles: tiles, into: activations)
    case .i16:
      ActivationQuantizer<Instructions, SixteenBitEncoding>.run(
        source, rowStride: rowStride, tiles: tiles, into: activations)
    }
  }

  @inlinable @inline(never)
  public func multiply(
    _ weights: QuantizedMatrix, rows: Range<Int>, by activations: QuantizedActivations, tiles: Range<Int>,
    into output: UnsafeMutablePointer<Float>, outputStride: Int, next: UnsafeRawBufferPointer,
    scratch: UnsafeMutableRawPointer, unpackTimer: UnpackTimer
  ) {
    IntegerMultiply.run(
      Instructions.self, NoMatrixTiles.self, weights, rows: rows, by: activations, tiles: tiles, into: output,
      outputStride: outputStride, next: next, scratch: scratch, unpackTimer: unpackTimer)
  }
}

/// Kernels for any processor.
public final class PortableKernels: InstructionKernelSet {
  public typealias Instructions = PortableInstructions
  public var name: String { "portable" }
  public init() {}
}
