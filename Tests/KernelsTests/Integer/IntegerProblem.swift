import Kernels
import TestSupport

/// One multiply: quantized weights [rows, columns] and activations [tokens, columns].
struct IntegerProblem {
  var format: BlockFormat
  var precision: IntegerPrecision
  var rowCount: Int
  var columnCount: Int
  var tokenCount: Int
  var weights: [UInt8]
  var activations: [Float]

  static let quantizedFormats = BlockFormat.allCases.filter { $0.valuesPerBlock > 1 }

  /// Weights like a model's, activations like a layer's: mostly small, a few large.
  init(
    _ format: BlockFormat, _ precision: IntegerPrecision, rows: Int, columns: Int, tokens: Int,
    seed: UInt64
  ) {
    self.format = format
    self.precision = precision
    rowCount = rows
    columnCount = columns
    tokenCount = tokens
    var generator = SeededGenerator(seed: seed)
    weights = Array(repeating: 0, count: format.byteCount(ofValues: rows * columns))
    weights.withUnsafeMutableBytes {
      format.fillRandom($0.baseAddress!, count: rows * columns, standardDeviation: 0.02, using: &generator)
    }
    activations = (0..<(tokens * columns)).map { _ in
      let uniform = Float.random(in: -1...1, using: &generator)
      return UInt8.random(in: 0...63, using: &generator) == 0 ? 40 * uniform : uniform
    }
  }

  /// [tokens, rows], from the definitions.
  func referenceOutput() -> [Float] {
    let rowSize = format.byteCount(ofValues: columnCount)
    let rows = (0..<rowCount).map { referenceWeights(format, weights[($0 * rowSize)..<(($0 + 1) * rowSize)]) }
    return (0..<tokenCount).flatMap { token in
      let quantized = ReferenceActivations(
        activations[(token * columnCount)..<((token + 1) * columnCount)], precision)
      return rows.map { referenceDot($0, quantized, format) }
    }
  }

  /// How a multiply is cut into calls and laid out in memory; none of it may change a bit.
  struct Division {
    var rowsPerCall = 1 << 20
    var tilesPerCall = 1 << 20
    var misalignment = 0
    var paddingOfRows = 0
  }

  /// [tokens, rows], by a kernel set. What surrounds the output must stay as it was.
  func output(_ kernels: any KernelSet, _ division: Division = Division()) -> [Float]? {
    let outputStride = rowCount + division.paddingOfRows
    let guardValue: Float = 12345
    var output = Array(repeating: guardValue, count: tokenCount * outputStride + 1)
    withScratch(kernels.activationLayout(tokenCount: tokenCount, precision: precision)) {
      quantized, scratch in
      weights.withMisalignedCopy(division.misalignment) { address in
        let matrix = QuantizedMatrix(
          address: address, format: format, rowCount: rowCount, columnCount: columnCount)!
        quantize(kernels, into: quantized, tilesPerCall: division.tilesPerCall)
        for row in stride(from: 0, to: rowCount, by: division.rowsPerCall) {
          for tile in stride(from: 0, to: quantized.tileCount, by: division.tilesPerCall) {
            kernels.multiply(
              matrix, rows: row..<min(rowCount, row + division.rowsPerCall), by: quantized,
              tiles: tile..<min(quantized.tileCount, tile + division.tilesPerCall), into: &output,
              outputStride: outputStride,
              next: UnsafeRawBufferPointer(start: address, count: rowCount * columnCount / 2),
              scratch: scratch, unpackTimer: .off)
          }
        }
      }
    }
    let isIntact = output.indices.allSatisfy {
      $0 % outputStride < rowCount && $0 < tokenCount * outputStride || output[$0] == guardValue
    }
    guard isIntact else { return nil }
    return (0..<tokenCount).flatMap { output[($0 * outputStride)..<($0 * outputStride + rowCount)] }
  }

  private func quantize(_ kernels: any KernelSet, into quantized: QuantizedActivations, tilesPerCall: Int) {
    for tile in stride(from: 0, to: quantized.tileCount, by: tilesPerCall) {
      kernels.quantize(
        activations, rowStride: columnCount, tiles: tile..<min(quantized.tileCount, tile + tilesPerCall),
        into: quantized)
    }
  }

  /// Memory for the quantized activations and for scratch, filled with 0xFF: what is read before it is
  /// written shows.
  private func withScratch(
    _ layout: ActivationLayout, _ body: (QuantizedActivations, UnsafeMutableRawPointer) -> Void
  ) {
    let size = QuantizedActivations.byteCount(
      tokenCount: tokenCount, columnCount: columnCount, precision: precision, layout: layout)
    let scratchSize = IntegerMultiply.scratchByteCount(columnCount: columnCount)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size + scratchSize, alignment: 64)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0xFF, count: size + scratchSize)
    body(
      QuantizedActivations(
        address: memory + scratchSize, tokenCount: tokenCount, columnCount: columnCount, precision: precision,
        layout: layout),
      memory)
  }
}

extension [UInt8] {
  /// A copy at an address that is `offset` past a multiple of 64 and ends where its memory ends.
  func withMisalignedCopy(_ offset: Int, _ body: (UnsafeRawPointer) -> Void) {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count + offset, alignment: 64)
    defer { memory.deallocate() }
    withUnsafeBytes { (memory + offset).copyMemory(from: $0.baseAddress!, byteCount: count) }
    body(memory + offset)
  }
}
