/// The operations of the engine, in one instruction set.
///
/// The engine holds an `any KernelSet` and calls it once for each tile of work, never once for each number. Nothing
/// but pointers and plain values crosses this interface: vector registers have different calling conventions on its
/// two sides.
///
/// To add an operation: write its body over ``VectorInstructions`` in a file of its own, declare it here, and forward
/// to it from ``InstructionKernelSet``.
public protocol KernelSet: Sendable {
  /// The name that `TOUCHSTONE_CPU` takes and `--version` prints.
  var name: String { get }

  /// `sum[i] += addend[i]`; see ``ResidualAdd``.
  func addResidual(_ addend: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, count: Int)

  /// Floats to integer activations; see ``ActivationQuantizer``.
  func quantize(
    _ source: UnsafePointer<Float>, rowStride: Int, tiles: Range<Int>, into activations: QuantizedActivations)

  /// `Y = X · Wᵀ` for some rows of W and some tiles of X; see ``IntegerMultiply``.
  func multiply(
    _ weights: QuantizedMatrix, rows: Range<Int>, by activations: QuantizedActivations, tiles: Range<Int>,
    into output: UnsafeMutablePointer<Float>, outputStride: Int, scratch: UnsafeMutableRawPointer)
}

/// A kernel set that is the generic bodies, specialised for one conformance of ``VectorInstructions``.
public protocol InstructionKernelSet: KernelSet {
  associatedtype Instructions: VectorInstructions
}

// Inlined into the protocol's witnesses, these would keep a call for each instruction: the compiler does not inline C
// functions into thunks. So each is one call away from its witness, and specialised there.
extension InstructionKernelSet {
  @inlinable @inline(never)
  public func addResidual(
    _ addend: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, count: Int
  ) {
    ResidualAdd<Instructions>.run(addend, to: sum, count: count)
  }

  @inlinable @inline(never)
  public func quantize(
    _ source: UnsafePointer<Float>, rowStride: Int, tiles: Range<Int>, into activations: QuantizedActivations
  ) {
    switch activations.precision {
    case .i8:
      ActivationQuantizer<Instructions, EightBitEncoding>.run(
        source, rowStride: rowStride, tiles: tiles, into: activations)
    case .i16:
      ActivationQuantizer<Instructions, SixteenBitEncoding>.run(
        source, rowStride: rowStride, tiles: tiles, into: activations)
    }
  }

  @inlinable @inline(never)
  public func multiply(
    _ weights: QuantizedMatrix, rows: Range<Int>, by activations: QuantizedActivations, tiles: Range<Int>,
    into output: UnsafeMutablePointer<Float>, outputStride: Int, scratch: UnsafeMutableRawPointer
  ) {
    IntegerMultiply.run(
      Instructions.self, weights, rows: rows, by: activations, tiles: tiles, into: output,
      outputStride: outputStride, scratch: scratch)
  }
}

/// Kernels for any processor.
public struct PortableKernels: InstructionKernelSet {
  public typealias Instructions = PortableInstructions
  public var name: String { "portable" }
  public init() {}
}
