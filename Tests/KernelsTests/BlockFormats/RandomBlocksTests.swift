import Kernels
import TestSupport
import Testing

@Suite struct RandomBlocksTests {
  /// 2¹⁶ weights lie in at least 2¹¹ sub-blocks, whose mean squares vary by at most 0.9 of their mean
  /// (uniform scales around 0): the root mean square of all is within 5 · 0.9 / √2¹¹ / 2 = 0.05 of σ. So is
  /// the mean.
  @Test(arguments: BlockFormat.allCases, [0.02, 1] as [Float])
  func weightsHaveTheWantedMoments(format: BlockFormat, standardDeviation: Float) {
    let weights = randomWeights(format, count: 1 << 16, standardDeviation: standardDeviation, seed: 1)
    let mean = weights.reduce(0) { $0 + Double($1) } / Double(weights.count)
    let meanSquare = weights.reduce(0) { $0 + Double($1) * Double($1) } / Double(weights.count)
    let sigma = Double(standardDeviation)
    #expect(weights.allSatisfy { $0.isFinite })
    #expect(abs(mean) < 0.05 * sigma)
    #expect(abs(meanSquare.squareRoot() - sigma) < 0.05 * sigma)
  }

  @Test(arguments: BlockFormat.allCases)
  func theSeedDecidesTheBytes(format: BlockFormat) {
    let count = 3 * format.valuesPerBlock
    let first = randomBlocks(format, count: count, standardDeviation: 1, seed: 7)
    #expect(first == randomBlocks(format, count: count, standardDeviation: 1, seed: 7))
    #expect(first != randomBlocks(format, count: count, standardDeviation: 1, seed: 8))
    #expect(first.prefix(format.bytesPerBlock) != first.suffix(format.bytesPerBlock))
  }

  private func randomBlocks(
    _ format: BlockFormat, count: Int, standardDeviation: Float, seed: UInt64
  ) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    return Array(unsafeUninitializedCapacity: format.byteCount(ofValues: count)) { bytes, initialized in
      format.fillRandom(
        bytes.baseAddress!, count: count, standardDeviation: standardDeviation, using: &generator)
      initialized = bytes.count
    }
  }

  private func randomWeights(
    _ format: BlockFormat, count: Int, standardDeviation: Float, seed: UInt64
  ) -> [Float] {
    let blocks = randomBlocks(format, count: count, standardDeviation: standardDeviation, seed: seed)
    return Array(unsafeUninitializedCapacity: count) { weights, initialized in
      format.dequantize(blocks, count: count, into: weights.baseAddress!)
      initialized = count
    }
  }
}
