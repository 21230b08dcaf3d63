/// The integer multiply on matrix tiles, in one instruction set: what ``TiledKernels`` adds to vectors.
public protocol MatrixTileKernels: AnyObject, Sendable {
  /// `Y = X · Wᵀ` for activations of the layout ``ActivationLayout/sixteenTokens``; see ``IntegerMultiply``.
  func multiply(
    _ weights: QuantizedMatrix, rows: Range<Int>, by activations: QuantizedActivations, tiles: Range<Int>,
    into output: UnsafeMutablePointer<Float>, outputStride: Int, next: UnsafeRawBufferPointer,
    scratch: UnsafeMutableRawPointer, unpackTimer: UnpackTimer)

  /// Keeps the matrix unit busy; see ``PeakKernels/peakTileDots(_:_:)``.
  func peakDots(_ iterations: Int, scratch: UnsafeMutableRawPointer) -> Int
}

/// ``MatrixTileKernels`` that are the generic bodies, specialised for vectors and tiles.
public protocol InstructionMatrixTileKernels: MatrixTileKernels {
  associatedtype Instructions: VectorInstructions
  associatedtype Tiles: MatrixTiles
}

// Not inlined into the witnesses, as with the other kernels.
extension InstructionMatrixTileKernels {
  @inlinable @inline(never)
  public func multiply(
    _ weights: QuantizedMatrix, rows: Range<Int>, by activations: QuantizedActivations, tiles: Range<Int>,
    into output: UnsafeMutablePointer<Float>, outputStride: Int, next: UnsafeRawBufferPointer,
    scratch: UnsafeMutableRawPointer, unpackTimer: UnpackTimer
  ) {
    IntegerMultiply.run(
      Instructions.self, Tiles.self, weights, rows: rows, by: activations, tiles: tiles, into: output,
      outputStride: outputStride, next: next, scratch: scratch, unpackTimer: unpackTimer)
  }

  /// - Returns: how many multiplications and additions of bytes that were.
  @inlinable @inline(never)
  public func peakDots(_ iterations: Int, scratch: UnsafeMutableRawPointer) -> Int {
    let memory = MatrixTileScratch(scratch)
    memory.sums.initializeMemory(as: Int32.self, repeating: 0x0102_0301, count: 256)
    Tiles.configure(depth: 64, memory.registers)
    Tiles.loadA(memory.sums, stride: 64, memory.registers)
    Tiles.loadAHigh(memory.sums, stride: 64, memory.registers)
    Tiles.loadB(memory.sums, stride: 64, memory.registers)
    for _ in 0..<iterations {
      Tiles.dot(set: 0, memory.registers)
      Tiles.dotHigh(set: 0, memory.registers)
      Tiles.dot(set: 1, memory.registers)
      Tiles.dotHigh(set: 1, memory.registers)
    }
    Tiles.store(set: 0, to: memory.sums, memory.registers)
    Tiles.release(memory.registers)
    return iterations &* 4 &* 2 &* 16 &* 16 &* 64
  }
}

/// The tile instructions as plain functions, with portable vectors: for tests on any processor.
public final class EmulatedMatrixTileKernels: InstructionMatrixTileKernels {
  public typealias Instructions = PortableInstructions
  public typealias Tiles = EmulatedMatrixTiles
  public init() {}
}

/// Vectors, and matrix tiles for integer multiplies of enough tokens.
public final class TiledKernels: KernelSet {
  public let name: String
  let vectors: any KernelSet
  let tiles: any MatrixTileKernels
  let fewestTokens: Int

  /// - Parameters:
  ///   - vectors: for everything but large integer multiplies.
  ///   - fewestTokens: of a multiply on tiles. A tile of sixteen tokens takes as long for one token as for
  ///     sixteen, so vectors are faster for few; ``MatrixTileCrossover`` measures for how many.
  public init(name: String, vectors: any KernelSet, tiles: any MatrixTileKernels, fewestTokens: Int) {
    self.name = name
    self.vectors = vectors
    self.tiles = tiles
    self.fewestTokens = fewestTokens
  }

  public func activationLayout(tokenCount: Int, precision: IntegerPrecision) -> ActivationLayout {
    tokenCount >= fewestTokens
      ? .sixteenTokens : vectors.activationLayout(tokenCount: tokenCount, precision: precision)
  }

  public func multiply(
    _ weights: QuantizedMatrix, rows: Range<Int>, by activations: QuantizedActivations,
    tiles range: Range<Int>,
    into output: UnsafeMutablePointer<Float>, outputStride: Int, next: UnsafeRawBufferPointer,
    scratch: UnsafeMutableRawPointer, unpackTimer: UnpackTimer
  ) {
    switch activations.layout {
    case .sixTokens, .sixTokensSigned, .sixTokensPaired, .sixTokensHalves:
      vectors.multiply(
        weights, rows: rows, by: activations, tiles: range, into: output, outputStride: outputStride,
        next: next, scratch: scratch, unpackTimer: unpackTimer)
    case .sixteenTokens:
      tiles.multiply(
        weights, rows: rows, by: activations, tiles: range, into: output, outputStride: outputStride,
        next: next, scratch: scratch, unpackTimer: unpackTimer)
    }
  }

  public func peakTileDots(_ iterations: Int, scratch: UnsafeMutableRawPointer) -> Int? {
    tiles.peakDots(iterations, scratch: scratch)
  }
}

// Everything else is a matter of vectors.
extension TiledKernels {
  public func addResidual(
    _ addend: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, count: Int
  ) {
    vectors.addResidual(addend, to: sum, count: count)
  }

  public func rmsNorm(
    _ input: UnsafePointer<Float>, stride inputStride: Int, rowCount: Int, count: Int,
    weight: UnsafePointer<Float>, epsilon: Float,
    into output: UnsafeMutablePointer<Float>, stride outputStride: Int
  ) {
    vectors.rmsNorm(
      input, stride: inputStride, rowCount: rowCount, count: count, weight: weight, epsilon: epsilon,
      into: output, stride: outputStride)
  }

  public func rotate(
    _ heads: UnsafeMutablePointer<Float>, headCount: Int, half: Int,
    cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>
  ) {
    vectors.rotate(heads, headCount: headCount, half: half, cosines: cosines, sines: sines)
  }

  public func swiGLU(_ gate: UnsafeMutablePointer<Float>, _ up: UnsafePointer<Float>, count: Int) {
    vectors.swiGLU(gate, up, count: count)
  }

  public func attend(_ tile: AttentionTileArguments) { vectors.attend(tile) }

  public func attendIntegers(_ tile: AttentionTileArguments) { vectors.attendIntegers(tile) }

  public func multiplyFloats(_ tile: FloatTileArguments) { vectors.multiplyFloats(tile) }

  public func dequantize(
    _ format: BlockFormat, _ blocks: UnsafeRawPointer, count: Int, into values: UnsafeMutablePointer<Float>
  ) {
    vectors.dequantize(format, blocks, count: count, into: values)
  }

  public func quantize(
    _ source: UnsafePointer<Float>, rowStride: Int, tiles: Range<Int>, into activations: QuantizedActivations
  ) {
    vectors.quantize(source, rowStride: rowStride, tiles: tiles, into: activations)
  }

  public func peakMultiplyAdds(_ iterations: Int, _ values: UnsafeMutablePointer<Float>) -> Int {
    vectors.peakMultiplyAdds(iterations, values)
  }

  public func peakDots(_ iterations: Int, _ values: UnsafeMutablePointer<Float>) -> Int {
    vectors.peakDots(iterations, values)
  }

  public func peakRead(_ bytes: UnsafeRawPointer, byteCount: Int, _ values: UnsafeMutablePointer<Float>) {
    vectors.peakRead(bytes, byteCount: byteCount, values)
  }
}
