/// Random weights in a block format: for models of any size that nobody has to download, and for tests.
extension BlockFormat {
  /// Fills blocks with random bits and with scales that make the weights look like those of a model: all
  /// finite, mean 0, of a given standard deviation, uneven from sub-block to sub-block where the format
  /// allows it.
  ///
  /// The same generator gives the same bytes on every platform.
  ///
  /// - Parameters:
  ///   - blocks: room for ``byteCount(ofValues:)`` bytes, at any alignment.
  ///   - count: a multiple of ``valuesPerBlock``; 0 is allowed.
  ///   - standardDeviation: 1e-3 to 1e3. Scales are half-precision numbers: far below, the coarse steps of
  ///     the
  ///     smallest of those are felt; far above, they end.
  package func fillRandom(
    _ blocks: UnsafeMutableRawPointer, count: Int, standardDeviation: Float,
    using generator: inout some RandomNumberGenerator
  ) {
    let byteCount = byteCount(ofValues: count)
    fill(UnsafeMutableRawBufferPointer(start: blocks, count: byteCount), using: &generator)
    let scales = RandomScales(of: self, standardDeviation: standardDeviation)
    for block in stride(from: 0, to: byteCount, by: bytesPerBlock) {
      if valuesPerBlock == 1 {
        storeWeight(in: blocks + block, standardDeviation: standardDeviation)
      } else {
        pairScalesAndMinima(in: blocks + block)
        scales.store(in: blocks + block)
      }
    }
  }

  private func fill(_ bytes: UnsafeMutableRawBufferPointer, using generator: inout some RandomNumberGenerator)
  {
    for offset in stride(from: 0, to: bytes.count, by: 8) {
      var word = (generator.next() as UInt64).littleEndian
      withUnsafeBytes(of: &word) { word in
        let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[offset...])
        rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: word.prefix(rest.count)))
      }
    }
  }

  /// A block that is one float: sixteen of its bits become a number that is uniform around 0.
  private func storeWeight(in block: UnsafeMutableRawPointer, standardDeviation: Float) {
    let uniform = Float(block.loadUnaligned(as: Int16.self)) / 32768  // mean square 1/3
    let weight = uniform * standardDeviation * Float(3).squareRoot()
    switch self {
    case .f16: block.storeBytes(of: weight.halfBits, as: UInt16.self)
    case .bf16: block.storeBytes(of: UInt16(weight.bitPattern >> 16), as: UInt16.self)
    default: block.storeBytes(of: weight, as: Float.self)
    }
  }

  /// Gives every sub-block a minimum equal to its scale, so that one ratio of d to dmin centers all of them,
  /// and a scale in the upper half of its range, as a quantizer would. Ternary weights get no fourth value: a
  /// half of these becomes −1, the others 1.
  private func pairScalesAndMinima(in block: UnsafeMutableRawPointer) {
    switch self {
    case .q2_K:
      for s in 0..<16 {
        let scale = block.load(fromByteOffset: s, as: UInt8.self) & 0x0F | 0x08
        block.storeBytes(of: scale * 0x11, toByteOffset: s, as: UInt8.self)
      }
    case .q4_K, .q5_K:  // ``SixBitScales``
      for i in 4..<8 {
        let scale = block.load(fromByteOffset: i, as: UInt8.self) | 0xA0
        let lowBits = block.load(fromByteOffset: i + 8, as: UInt8.self) & 0x0F
        block.storeBytes(of: scale, toByteOffset: i, as: UInt8.self)
        block.storeBytes(of: scale, toByteOffset: i + 4, as: UInt8.self)
        block.storeBytes(of: lowBits * 0x11, toByteOffset: i + 8, as: UInt8.self)
      }
    case .tq2_0:
      for i in 0..<64 {
        let quants = block.load(fromByteOffset: i, as: UInt8.self)
        let threes = quants & quants >> 1 & 0x55
        block.storeBytes(of: quants & ~(threes | threes << 1 & 0x22), toByteOffset: i, as: UInt8.self)
      }
    default: break
    }
  }
}

/// The scales that turn a block of random bits into weights of a wanted standard deviation.
private struct RandomScales {
  private let format: BlockFormat
  private let byteScale: UInt8
  private let thresholdOfLarger: UInt32
  private let scale: UInt16
  private let scaleOffset: Int
  private let minimum: UInt16
  private let minimumOffset: Int?

  /// The scale is the deviation divided by the root mean square of what it multiplies, and the minimum is the
  /// scale times the mean quant. For n consecutive integers the mean square is (n² − 1) / 12 around their
  /// mean, 1/4 more around the n/2 of the formats that subtract it. Scales of sub-blocks are random and
  /// independent: their mean squares multiply.
  init(of format: BlockFormat, standardDeviation: Float) {
    let row: (meanSquare: Float, scaleOffset: Int, meanQuant: Float, minimumOffset: Int?) =
      switch format {
      case .f32, .f16, .bf16: (1, 0, 0, nil)  // no scales
      case .q4_0: (21.5, 0, 0, nil)
      case .q4_1: (21.25, 0, -7.5, 2)
      case .q5_0: (85.5, 0, 0, nil)
      case .q5_1: (85.25, 0, -15.5, 2)
      case .q8_0: (5461.5, 0, 0, nil)
      case .q2_K: (1.25 * 137.5, 80, 1.5, 82)  // scales 8 … 15
      case .q3_K: (5.5 * 341.5, 108, 0, nil)
      case .q4_K: (21.25 * 2341.5, 0, 7.5, 2)  // scales 32 … 63
      case .q5_K: (85.25 * 2341.5, 0, 15.5, 2)
      case .q6_K: (341.5 * 5461.5, 208, 0, nil)
      // The mean of the squares of the coordinates, by that of 2 n + 1 for the scales n.
      case .iq1_s: (0.6098 * 85, 0, 0, nil)
      case .iq1_m: (0.6098 * 85, 48, 0, nil)
      case .iq2_xxs: (534.43 * 341 / 64, 0, 0, nil)
      case .iq2_xs: (586.48 * 341 / 64, 0, 0, nil)
      case .iq2_s: (596.84 * 341 / 64, 0, 0, nil)
      case .iq3_xxs: (951.64 * 341 / 16, 0, 0, nil)
      case .iq3_s: (57.672 * 341, 0, 0, nil)
      case .iq4_nl: (4548, 0, 0, nil)  // the mean of the squares of the levels
      case .iq4_xs: (4548 * 341.5, 0, 0, nil)
      case .tq1_0: (0.668, 52, 0, nil)
      case .tq2_0: (0.75, 64, 0, nil)
      case .mxfp4, .nvfp4: (34.25, 0, 0, nil)  // of twice the floats
      }
    let scale = standardDeviation / row.meanSquare.squareRoot()
    self.format = format
    (byteScale, thresholdOfLarger) =
      switch format {
      case .mxfp4: Self.byteScale(scale, largest: 254, MXFP4Block.scale)
      case .nvfp4: Self.byteScale(scale, largest: 0x7E, NVFP4Block.halfScale)
      default: (0, 0)
      }
    self.scale = scale.halfBits
    scaleOffset = row.scaleOffset
    minimum = (scale * row.meanQuant).halfBits
    minimumOffset = row.minimumOffset
  }

  /// A scale without a minimum keeps the random sign that its field has: it evens out that the mean of the
  /// quants is not quite 0.
  func store(in block: UnsafeMutableRawPointer) {
    switch format {
    case .iq1_m:
      for part in 0..<4 {
        let sign = part == 3 ? block.load(fromByteOffset: 55, as: UInt8.self) & 0x80 : 0
        let nibble = UInt8(truncatingIfNeeded: scale >> (4 * part)) << 4 | sign
        let offset = scaleOffset + 2 * part + 1
        let others = block.load(fromByteOffset: offset, as: UInt8.self) & 0x0F
        block.storeBytes(of: nibble | others, toByteOffset: offset, as: UInt8.self)
      }
    case .mxfp4, .nvfp4:
      for sub in 0..<(format == .mxfp4 ? 1 : 4) {
        let random = block.load(fromByteOffset: sub, as: UInt8.self)
        let chosen = UInt32(random) < thresholdOfLarger ? byteScale + 1 : byteScale
        block.storeBytes(of: chosen, toByteOffset: sub, as: UInt8.self)
      }
    default: storeHalves(in: block)
    }
  }

  private func storeHalves(in block: UnsafeMutableRawPointer) {
    if let minimumOffset {
      block.storeBytes(of: scale, toByteOffset: scaleOffset, as: UInt16.self)
      block.storeBytes(of: minimum, toByteOffset: minimumOffset, as: UInt16.self)
    } else {
      let sign = block.loadUnaligned(fromByteOffset: scaleOffset, as: UInt16.self) & 0x8000
      block.storeBytes(of: scale | sign, toByteOffset: scaleOffset, as: UInt16.self)
    }
  }

  /// The scales of one byte are coarse: the largest code whose scale is not above `scale`, and out of 256
  /// sub-blocks, how many get the next code, so that the mean square is that of `scale`.
  private static func byteScale(
    _ scale: Float, largest: UInt32, _ value: (UInt32) -> Float
  ) -> (code: UInt8, thresholdOfLarger: UInt32) {
    let code = (0..<largest).last { value($0) <= scale } ?? 0
    let (square, next) = (value(code) * value(code), value(code + 1) * value(code + 1))
    return (UInt8(code), UInt32((256 * (scale * scale - square) / (next - square)).rounded()))
  }
}
