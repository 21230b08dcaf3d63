import KernelSelection
import Kernels
import TestSupport
import Testing

@Suite struct ActivationQuantizerTests {
  /// What the drawing in ``ActivationEncoding`` says, read back.
  private func decode(
    _ activations: QuantizedActivations, _ layout: ActivationLayout, token: Int
  ) -> ReferenceActivations {
    /// Where the byte of a column is in a plane, of six tokens in words of four columns or of eight.
    func place(_ column: Int) -> Int {
      layout == .sixTokensPaired
        ? column / 8 * 48 + token % 6 * 8 + column % 8 : column / 4 * 24 + token % 6 * 4 + column % 4
    }
    /// Where a 16-bit column is: columns 0 and 2 of a group of four, then 1 and 3.
    func placeOfHalf(_ column: Int) -> Int {
      column / 4 * 48 + column % 2 * 24 + token % 6 * 4 + column % 4 / 2 * 2
    }
    func value(_ byte: UInt8) -> Int32 {
      layout == .sixTokens ? Int32(byte) - 128 : Int32(Int8(bitPattern: byte))
    }
    var decoded = ReferenceActivations([], .i8)
    let planes = activations.precision == .i8 ? 1 : 2
    let recordSize = 192 * planes + (planes == 1 ? 120 : 96)
    let recordCount = activations.columnCount / 32
    let highPlanes = UnsafeRawPointer(activations.address) + activations.tileCount * recordCount * recordSize
    for record in 0..<recordCount {
      let bytes = UnsafeRawPointer(activations.address) + (token / 6 * recordCount + record) * recordSize
      func byte(_ plane: Int, _ column: Int) -> Int32 {
        value(bytes.load(fromByteOffset: plane * 192 + place(column), as: UInt8.self))
      }
      func float(_ offset: Int) -> Float {
        bytes.loadUnaligned(fromByteOffset: 192 * planes + offset + token % 6 * 4, as: Float.self)
      }
      let isWide = bytes.loadUnaligned(fromByteOffset: 192 + 96 + token % 6 * 4, as: Int32.self) == 1
      /// Beside the records: the high byte of an 8-bit activation whose block has 16 bits.
      func highByte(_ column: Int) -> Int32 {
        guard isWide else { return 0 }
        let offset = (token / 6 * recordCount + record) * 192 + place(column)
        return value(highPlanes.load(fromByteOffset: offset, as: UInt8.self))
      }
      let halves = layout == .sixTokensHalves
      let integers: [Int32] = (0..<32).map {
        halves
          ? Int32(bytes.loadUnaligned(fromByteOffset: placeOfHalf($0), as: Int16.self))
          : planes == 1 ? highByte($0) * 256 + byte(0, $0) : byte(0, $0) * 256 + byte(1, $0)
      }
      decoded.integers += integers
      decoded.scales.append(float(0))
      #expect(float(24) == Float(integers.reduce(0, +)))
      #expect(float(48) == Float(integers.prefix(16).reduce(0, +)))
      #expect(float(72) == Float(integers.suffix(16).reduce(0, +)))
    }
    return decoded
  }

  private func quantize(
    _ kernels: any KernelSet, _ floats: [Float], tokens: Int, _ precision: IntegerPrecision
  ) -> [ReferenceActivations] {
    let columns = floats.count / tokens
    let size = QuantizedActivations.byteCount(tokenCount: tokens, columnCount: columns, precision: precision)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4)
    defer { memory.deallocate() }
    // Of few tokens and of many.
    let layouts = Set([1, 64].map { kernels.activationLayout(tokenCount: $0, precision: precision) })
      .filter { $0.tokensPerTile == 6 }
    let results = layouts.map { layout in
      let activations = QuantizedActivations(
        address: memory, tokenCount: tokens, columnCount: columns, precision: precision, layout: layout)
      kernels.quantize(floats, rowStride: columns, tiles: 0..<activations.tileCount, into: activations)
      return (0..<tokens).map { decode(activations, layout, token: $0) }
    }
    for result in results.dropFirst() {
      for (token, other) in zip(result, results[0]) {
        #expect(token.integers == other.integers)
        #expect(token.scales.comparableBits == other.scales.comparableBits)
      }
    }
    return results[0]
  }

  @Test(arguments: IntegerPrecision.allCases)
  func followsTheDefinition(precision: IntegerPrecision) {
    var generator = SeededGenerator(seed: 11)
    for tokens in 1...8 {
      let columns = 32 * tokens
      // All magnitudes of floats, down to subnormals; some blocks have infinities and NaNs.
      let floats = (0..<(tokens * columns)).map { index in
        let bits = UInt32.random(in: 0...UInt32.max, using: &generator)
        let exponent = UInt32(truncatingIfNeeded: index / 32 * 29 % 255)
        return Float(bitPattern: bits & 0x807F_FFFF | exponent << 23)
      }
      for kernels in supportedKernels() {
        for (token, actual) in quantize(kernels, floats, tokens: tokens, precision).enumerated() {
          let expected = ReferenceActivations(floats[(token * columns)..<((token + 1) * columns)], precision)
          #expect(actual.integers == expected.integers, "\(kernels.name)")
          #expect(actual.scales.comparableBits == expected.scales.comparableBits, "\(kernels.name)")
        }
      }
    }
  }

  @Test func blocksThatAnOutlierSpoilsHaveSixteenBits() {
    // Eight blocks of ones; one value of the second token is an outlier.
    for (outlier, isWide) in [(4, false), (7.9, false), (8, true), (3000, true)] as [(Float, Bool)] {
      var floats = [Float](repeating: 1, count: 2 * 256)
      floats[256 + 100] = -outlier
      for kernels in supportedKernels() {
        let tokens = quantize(kernels, floats, tokens: 2, .i8)
        #expect(tokens[0].integers == Array(repeating: 127, count: 256), "\(kernels.name)")
        let largest: Float = isWide ? 32639 : 127
        #expect(tokens[1].integers[100] == -Int32(largest), "\(kernels.name), \(outlier)")
        #expect(tokens[1].integers[101] == Int32((largest / outlier).rounded()), "\(kernels.name)")
        #expect(tokens[1].integers[..<96].allSatisfy { $0 == 127 }, "\(kernels.name)")
      }
    }
  }

  @Test(arguments: IntegerPrecision.allCases)
  func keepsTheErrorBound(precision: IntegerPrecision) {
    let problem = IntegerProblem(.q8_0, precision, rows: 1, columns: 1024, tokens: 3, seed: 2)
    let quantized = quantize(supportedKernels()[0], problem.activations, tokens: 3, precision)
    for (token, activations) in quantized.enumerated() {
      for column in 0..<1024 {
        let scale = activations.scales[column / 32]
        let error = problem.activations[token * 1024 + column] - scale * Float(activations.integers[column])
        #expect(error.magnitude <= scale / 2 * (1 + 0x1p-7))
      }
    }
  }

  @Test(arguments: IntegerPrecision.allCases)
  func anInfinityOrNaNSpoilsItsOwnTokenOnly(precision: IntegerPrecision) {
    for bad in [Float.infinity, -.infinity, .nan] {
      var problem = IntegerProblem(.q4_0, precision, rows: 33, columns: 64, tokens: 3, seed: 4)
      let clean = problem.output(PortableKernels())!
      problem.activations[64 + 40] = bad
      for kernels in supportedKernels() {
        let output = problem.output(kernels)!
        #expect(output[33..<66].allSatisfy { $0.isNaN })
        #expect(output[..<33] == clean[..<33] && output[66...] == clean[66...])
      }
    }
  }
}
