import CInstructions

/// A small multiply on matrix tiles and on vectors: whether both give the same bits.
///
/// It runs before tiles are used the first time, in less than a millisecond: tiles are the only instructions
/// here whose registers an operating system may lose, and the youngest of all.
public enum MatrixTileCheck {
  public static func agrees(_ vectors: any KernelSet, _ tiles: any MatrixTileKernels) -> Bool {
    let tiled = TiledKernels(name: "amx", vectors: vectors, tiles: tiles, fewestTokens: 1)
    for format in [BlockFormat.q8_0, .q4_K, .q6_K] {
      for precision in IntegerPrecision.allCases {
        let problem = MatrixTileProblem(format, precision, rows: 40, columns: 512, tokens: 19)
        let expected = problem.product(vectors, .sixTokens)
        guard
          problem.product(tiled, .sixteenTokens).elementsEqual(
            expected, by: { $0.bitPattern == $1.bitPattern })
        else { return false }
      }
    }
    return true
  }
}

/// For how many tokens a multiply is faster on matrix tiles than on vectors.
///
/// Measured on the processor at hand, in about a millisecond, on the format that most files have. No bit
/// depends on it.
public enum MatrixTileCrossover {
  /// The fewest tokens, 2…17, for which one tile takes less time than vectors do. 17: more than a tile holds.
  ///
  /// - Parameter seconds: the time of a multiply of so many tokens, on tiles or on vectors.
  public static func fewestTokens(_ seconds: (_ tokenCount: Int, _ onTiles: Bool) -> Double) -> Int {
    let tile = seconds(16, true)
    return (2...16).first { seconds($0, false) > tile } ?? 17
  }

  public static func measured(_ vectors: any KernelSet, _ tiles: any MatrixTileKernels) -> Int {
    let tiled = TiledKernels(name: "amx", vectors: vectors, tiles: tiles, fewestTokens: 1)
    return fewestTokens { tokenCount, onTiles in
      let problem = MatrixTileProblem(.q4_K, .i8, rows: 32, columns: 512, tokens: tokenCount)
      // The fastest of some: what else the machine does only adds.
      return (0..<8).map { _ in
        problem.seconds(onTiles ? tiled : vectors, onTiles ? .sixteenTokens : .sixTokens)
      }.min() ?? .infinity
    }
  }
}

/// A multiply of made-up numbers.
private struct MatrixTileProblem {
  let format: BlockFormat
  let precision: IntegerPrecision
  let rowCount: Int
  let columnCount: Int
  let tokenCount: Int
  let weights: [UInt8]
  let floats: [Float]

  init(
    _ format: BlockFormat, _ precision: IntegerPrecision, rows rowCount: Int, columns columnCount: Int,
    tokens tokenCount: Int
  ) {
    (self.format, self.precision) = (format, precision)
    (self.rowCount, self.columnCount, self.tokenCount) = (rowCount, columnCount, tokenCount)
    var state: UInt32 = 1
    /// Bits without a pattern: Numerical Recipes' linear congruential generator.
    func next() -> UInt32 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return state >> 16
    }
    weights = (0..<format.byteCount(ofValues: rowCount * columnCount)).map { _ in
      // Below 0x3C: no half precision number among them is large, an infinity or a NaN.
      UInt8(truncatingIfNeeded: next() % 0x3C)
    }
    floats = (0..<(tokenCount * columnCount)).map { index in
      (Float(next()) - 32768) * (index % 251 == 0 ? 100 : 1)
    }
  }

  func product(_ kernels: any KernelSet, _ layout: ActivationLayout) -> [Float] {
    var output: [Float] = []
    multiply(kernels, layout) { output = $0 }
    return output
  }

  /// The time of the multiply alone.
  func seconds(_ kernels: any KernelSet, _ layout: ActivationLayout) -> Double {
    multiply(kernels, layout) { _ in }
  }

  /// - Returns: the seconds of the multiply, without quantizing.
  @discardableResult
  private func multiply(
    _ kernels: any KernelSet, _ layout: ActivationLayout, _ use: ([Float]) -> Void
  ) -> Double {
    let size = QuantizedActivations.byteCount(
      tokenCount: tokenCount, columnCount: columnCount, precision: precision, layout: layout)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
    let scratch = UnsafeMutableRawBufferPointer.allocate(
      byteCount: IntegerMultiply.scratchByteCount(columnCount: columnCount), alignment: 64)
    defer {
      memory.deallocate()
      scratch.deallocate()
    }
    let activations = QuantizedActivations(
      address: memory.baseAddress.unsafelyUnwrapped, tokenCount: tokenCount, columnCount: columnCount,
      precision: precision, layout: layout)
    kernels.quantize(floats, rowStride: columnCount, tiles: 0..<activations.tileCount, into: activations)
    var output = [Float](repeating: 0, count: tokenCount * rowCount)
    let start = monotonicNanoseconds()
    weights.withUnsafeBytes { bytes in
      guard
        let matrix = QuantizedMatrix(
          address: bytes.baseAddress.unsafelyUnwrapped, format: format, rowCount: rowCount,
          columnCount: columnCount)
      else { return }
      kernels.multiply(
        matrix, rows: 0..<rowCount, by: activations, tiles: 0..<activations.tileCount, into: &output,
        outputStride: rowCount, next: UnsafeRawBufferPointer(start: nil, count: 0),
        scratch: scratch.baseAddress.unsafelyUnwrapped, unpackTimer: .off)
    }
    let end = monotonicNanoseconds()
    use(output)
    return Double(end - start) / 1e9
  }
}
