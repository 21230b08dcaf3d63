import KernelSelection
import Kernels
import TestSupport
import Testing

@Suite struct IntegerMultiplyTests {
  @Test(arguments: IntegerProblem.quantizedFormats, IntegerPrecision.allCases)
  func everyKernelSetGivesTheBitsOfTheDefinition(format: BlockFormat, precision: IntegerPrecision) {
    let unit = format.valuesPerBlock
    for (seed, tokens) in (1...13).enumerated() {
      let rows = [1, 7, 16, 31, 32, 33, 47, 48, 64, 65, 20, 95, 40][seed]
      let problem = IntegerProblem(
        format, precision, rows: rows, columns: unit * (1 + seed % 3), tokens: tokens, seed: UInt64(seed))
      let expected = problem.referenceOutput().comparableBits
      for kernels in kernelsUnderTest() {
        #expect(
          problem.output(kernels).map(\.comparableBits) == expected,
          "\(kernels.name), \(rows) rows, \(tokens) tokens")
      }
    }
  }

  @Test(arguments: IntegerProblem.quantizedFormats, IntegerPrecision.allCases)
  func manyColumnsGiveTheBitsOfTheDefinition(format: BlockFormat, precision: IntegerPrecision) {
    let columns = format.valuesPerBlock == 32 ? 1056 : 1280
    for (rows, tokens) in [(33, 5), (34, 50)] {
      let problem = IntegerProblem(format, precision, rows: rows, columns: columns, tokens: tokens, seed: 9)
      let expected = problem.referenceOutput().comparableBits
      for kernels in kernelsUnderTest() {
        #expect(
          problem.output(kernels).map(\.comparableBits) == expected, "\(kernels.name), \(tokens) tokens")
      }
    }
  }

  @Test(arguments: IntegerProblem.quantizedFormats, IntegerPrecision.allCases)
  func theBitsDoNotDependOnHowTheWorkIsDivided(format: BlockFormat, precision: IntegerPrecision) {
    // More than eight tiles take whole panels, fewer take sections of 512 columns; the last section is a
    // short one.
    let columns = format.valuesPerBlock == 32 ? 1056 : 1280
    let problem = IntegerProblem(format, precision, rows: 130, columns: columns, tokens: 51, seed: 7)
    // The emulated tiles take seconds for this; smaller divisions are above.
    for kernels in supportedKernels() {
      let whole = problem.output(kernels)
      #expect(whole != nil)
      for (rows, tiles, misalignment, padding) in [
        (32, 1, 0, 0), (64, 2, 1, 3), (96, 1, 33, 64), (32, 3, 2, 1),
      ] {
        let division = IntegerProblem.Division(
          rowsPerCall: rows, tilesPerCall: tiles, misalignment: misalignment, paddingOfRows: padding)
        #expect(problem.output(kernels, division) == whole, "\(kernels.name) \(division)")
      }
    }
  }

  @Test(arguments: IntegerProblem.quantizedFormats, IntegerPrecision.allCases)
  func aTokenHasTheSameBitsAtAnyPlaceInABatch(format: BlockFormat, precision: IntegerPrecision) {
    let batch = IntegerProblem(format, precision, rows: 40, columns: 256, tokens: 9, seed: 3)
    for kernels in kernelsUnderTest() {
      let outputs = batch.output(kernels)!
      for token in 0..<batch.tokenCount {
        var alone = batch
        alone.tokenCount = 1
        alone.activations = Array(batch.activations[(token * 256)..<((token + 1) * 256)])
        #expect(alone.output(kernels)! == Array(outputs[(token * 40)..<((token + 1) * 40)]))
      }
    }
  }

  @Test(arguments: IntegerProblem.quantizedFormats, IntegerPrecision.allCases)
  func extremeBytesGiveTheBitsOfTheDefinition(format: BlockFormat, precision: IntegerPrecision) {
    for (seed, pattern) in ([0x00, 0xFF, 0x80, 0x7F, 0x08, nil, nil, nil] as [UInt8?]).enumerated() {
      var problem = IntegerProblem(
        format, precision, rows: 35, columns: 256, tokens: 8, seed: UInt64(seed))
      var generator = SeededGenerator(seed: UInt64(seed) + 100)
      // Any bits: scales are infinite, NaN, subnormal, negative, too.
      for index in problem.weights.indices {
        problem.weights[index] = pattern ?? UInt8.random(in: 0...255, using: &generator)
      }
      problem.setExtremeActivations()
      let expected = problem.referenceOutput().comparableBits
      for kernels in kernelsUnderTest() {
        #expect(problem.output(kernels).map(\.comparableBits) == expected, "\(kernels.name), pattern \(seed)")
      }
    }
  }

  @Test(arguments: IntegerPrecision.allCases)
  func theLargestSumsAreExact(precision: IntegerPrecision) {
    for byte in [0x80, 0x7F] as [UInt8] {
      var problem = IntegerProblem(.q8_0, precision, rows: 32, columns: 64, tokens: 6, seed: 1)
      for index in problem.weights.indices {
        problem.weights[index] = [0, 0x3C][safe: index % 34] ?? byte  // scale 1
      }
      problem.activations = problem.activations.indices.map { $0 / 64 % 2 == 0 ? 1 : -1 }
      let expected = problem.referenceOutput()
      for kernels in kernelsUnderTest() {
        #expect(problem.output(kernels) == expected, "\(kernels.name)")
      }
      #expect(abs(abs(expected[0]) - 64 * (byte == 0x80 ? 128 : 127)) < 0.001)
    }
  }

  @Test(arguments: IntegerProblem.quantizedFormats)
  func sixteenBitsComeCloseToTheProductOfFloats(format: BlockFormat) {
    let problem = IntegerProblem(format, .i16, rows: 32, columns: 256, tokens: 2, seed: 5)
    var weights = [Float](repeating: 0, count: 32 * 256)
    problem.weights.withUnsafeBytes {
      format.dequantize($0.baseAddress!, count: weights.count, into: &weights)
    }
    let output = problem.output(kernelsUnderTest()[0])!
    for token in 0..<2 {
      for row in 0..<32 {
        let products = (0..<256).map {
          Double(weights[row * 256 + $0]) * Double(problem.activations[token * 256 + $0])
        }
        // Each activation is off by half a step of 1/32639 of the largest of its block, 40 at most.
        let bound = (0..<256).reduce(0.0) { $0 + Double(weights[row * 256 + $1]).magnitude } * 40 / 32639
        #expect(abs(Double(output[token * 32 + row]) - products.reduce(0, +)) < bound)
      }
    }
  }

  @Test(arguments: IntegerProblem.quantizedFormats, IntegerPrecision.allCases)
  func matrixTilesGiveTheBitsOfTheDefinition(format: BlockFormat, precision: IntegerPrecision) {
    let unit = format.valuesPerBlock
    for (seed, (rows, tokens)) in [(32, 16), (40, 17), (16, 32), (49, 33), (7, 29), (70, 13)].enumerated() {
      var problem = IntegerProblem(
        format, precision, rows: rows, columns: unit * (1 + seed % 3), tokens: tokens, seed: UInt64(seed))
      if seed == 1 { problem.setExtremeActivations() }
      let expected = problem.referenceOutput().comparableBits
      for kernels in kernelsUnderTest()
      where kernels.activationLayout(tokenCount: tokens, precision: precision) == .sixteenTokens {
        #expect(
          problem.output(kernels).map(\.comparableBits) == expected,
          "\(kernels.name), \(rows) rows, \(tokens) tokens")
      }
    }
  }

  @Test func theCheckOfMatrixTilesComparesBits() {
    /// Tiles that are right but for one output.
    final class WrongTiles: MatrixTileKernels {
      func multiply(
        _ weights: QuantizedMatrix, rows: Range<Int>, by activations: QuantizedActivations, tiles: Range<Int>,
        into output: UnsafeMutablePointer<Float>, outputStride: Int, next: UnsafeRawBufferPointer,
        scratch: UnsafeMutableRawPointer, unpackTimer: UnpackTimer
      ) {
        EmulatedMatrixTileKernels().multiply(
          weights, rows: rows, by: activations, tiles: tiles, into: output, outputStride: outputStride,
          next: next, scratch: scratch, unpackTimer: unpackTimer)
        output[3] = output[3].nextUp
      }
      func peakDots(_ iterations: Int, scratch: UnsafeMutableRawPointer) -> Int { 0 }
    }
    #expect(MatrixTileCheck.agrees(supportedKernels()[0], EmulatedMatrixTileKernels()))
    #expect(!MatrixTileCheck.agrees(supportedKernels()[0], WrongTiles()))
  }

  @Test func onlyQuantizedFormatsAndWholeBlocksMakeAMatrix() {
    let bytes = UnsafeRawPointer(bitPattern: 64)!
    #expect(QuantizedMatrix(address: bytes, format: .f16, rowCount: 1, columnCount: 32) == nil)
    #expect(QuantizedMatrix(address: bytes, format: .f32, rowCount: 1, columnCount: 32) == nil)
    #expect(QuantizedMatrix(address: bytes, format: .q4_K, rowCount: 1, columnCount: 32) == nil)
    #expect(QuantizedMatrix(address: bytes, format: .q4_0, rowCount: 1, columnCount: 48) == nil)
    #expect(QuantizedMatrix(address: bytes, format: .q4_0, rowCount: 1, columnCount: 96) != nil)
  }
}

extension IntegerProblem {
  /// One token for each hard case; the blocks of a token differ.
  fileprivate mutating func setExtremeActivations() {
    for index in activations.indices {
      let column = index % columnCount
      switch index / columnCount {
      case 0: activations[index] = 0
      case 1: activations[index] = column % 32 == 5 ? .greatestFiniteMagnitude : 1e30
      case 2: activations[index] *= .leastNormalMagnitude
      case 3: activations[index] = column % 2 == 0 ? 0x1p-96 : -0x1p-97
      case 4: if column == 200 { activations[index] = .infinity }
      case 5: if column == 33 { activations[index] = .nan }
      case 6: activations[index] = column < 128 ? -1 : 1
      default: break
      }
    }
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
