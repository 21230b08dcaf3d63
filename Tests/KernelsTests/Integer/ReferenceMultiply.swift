import Kernels

/// Quantized activations of one token, from the definition in ``ActivationQuantizer``.
struct ReferenceActivations {
  /// One integer for each column.
  var integers: [Int32] = []
  /// One scale for each 32 columns.
  var scales: [Float] = []
  let precision: IntegerPrecision

  init(_ floats: ArraySlice<Float>, _ precision: IntegerPrecision) {
    self.precision = precision
    let blocks = stride(from: floats.startIndex, to: floats.endIndex, by: 32).map { floats[$0..<($0 + 32)] }
    let spoiledFrom = Self.spoiledBin(blocks)
    for block in blocks {
      let isFinite = block.allSatisfy(\.isFinite)
      let largest = block.reduce(0) { max($0, $1.magnitude) }
      let isWide = precision == .i16 || Self.bin(block) >= spoiledFrom
      let largestInteger: Float = isWide ? 32639 : 127
      if !isFinite || largest < 0x1p-96 {
        scales.append(isFinite ? 0 : .nan)
        integers += Array(repeating: 0, count: 32)
      } else {
        let factor = largestInteger / largest
        scales.append(largest / largestInteger)
        integers += block.map { Int32(($0 * factor).rounded(.toNearestOrEven)) }
      }
    }
  }
}

extension ReferenceActivations {
  /// The half octave of a block's largest magnitude, from the definition in ``RowOutliers``.
  static func bin(_ block: ArraySlice<Float>) -> Int {
    if block.contains(where: \.isNaN) { return 511 }
    return Int(block.map(\.magnitude).max()!.bitPattern >> 22)
  }

  /// The bin from which on blocks of 8-bit activations get 16 bits.
  static func spoiledBin(_ blocks: [ArraySlice<Float>]) -> Int {
    let bins = blocks.map(bin).sorted()
    return bins.isEmpty ? 0 : min(511, bins[max(1, (bins.count + 1) / 4) - 1] + 6)
  }
}

/// One output, from the definition in ``IntegerTile``.
func referenceDot(
  _ weights: [ReferenceWeight], _ activations: ReferenceActivations, _ format: BlockFormat
) -> Float {
  let hasShortBlocks = [.q2_K, .q3_K, .q6_K, .iq1_m, .iq2_xs, .iq2_s, .nvfp4].contains(format)
  let blockLength = hasShortBlocks ? 16 : 32
  let hasMinima = [.q4_1, .q5_1, .q2_K, .q4_K, .q5_K].contains(format)
  var total: Float = 0
  for record in 0..<(weights.count / 32) {
    var partial: Float = 0
    for start in stride(from: 32 * record, to: 32 * record + 32, by: blockLength) {
      let columns = start..<(start + blockLength)
      // Int32 traps on overflow: the bound on the sums is tested too.
      let dot = columns.reduce(Int32(0)) { $0 + weights[$1].integer * activations.integers[$1] }
      let sum = columns.reduce(Int32(0)) { $0 + activations.integers[$1] }
      let weight = weights[start]
      // With 8 bits, a scale that is an infinity gives a NaN: ``SumBias``.
      let first = activations.precision == .i8 && weight.scale.isInfinite ? .nan : weight.scale * Float(dot)
      partial = start % 32 == 0 ? first : partial.addingProduct(weight.scale, Float(dot))
      if hasMinima { partial = partial.addingProduct(weight.minimum, Float(sum)) }
    }
    total = total.addingProduct(activations.scales[record], partial)
  }
  return total
}
