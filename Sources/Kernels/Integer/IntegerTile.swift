/// The inner tile: 32 rows of weights by up to six tokens, over all columns.
///
/// Each output has one accumulator, and takes the records (32 columns each) in order:
///
///     t = scale_w · float(Σ x · w)                                the block, or its first half
///     t = fma(minimum, float(Σ x), t)                             formats with minima
///     t = fma(scale_w, float(Σ x · w), t)  and its minimum        the second half, where blocks are 16 long
///     y = fma(scale_x, t, y)
///
/// The sums of products are exact integers, so the result has the same bits in every instruction set, tile and order
/// of tiles.
///
/// With 16-bit activations a sum is Σ high · w · 256 + Σ low · w, each from its own pass over the weights. Its bound
/// is 32 · 32639 · 128 < 2²⁷.
///
/// Limited by the dot products and by the float multiplications, which share their execution ports with them: for
/// blocks of 32 with minima eight dot products, three float operations (73 % of the peak of dot products); without
/// minima 80 %; blocks of 16, 73 %. 16-bit: 84 %, 89 %, 84 %.
public enum IntegerTile<Instructions: VectorInstructions, Shape: PanelShape, Encoding: ActivationEncoding> {
  @usableFromInline typealias Vector = Instructions

  /// - Parameters:
  ///   - tokenCount: 1…6; the first slots of the tile.
  ///   - panel: `recordCount` records.
  ///   - activations: `recordCount` records.
  ///   - output: [tokens, 32 rows], `outputStride` floats from token to token.
  @inlinable @inline(never)
  static func run(
    tokenCount: Int, panel: UnsafeRawPointer, activations: UnsafeRawPointer, recordCount: Int,
    output: UnsafeMutablePointer<Float>, outputStride: Int
  ) {
    var slot = 0
    while slot < tokenCount {
      let tokens = min(Vector.tileTokenCount, tokenCount &- slot)
      let slotActivations = activations + slot &* 4
      let slotOutput = output + slot &* outputStride
      var row = 0
      while row < 32 {
        let rowPanel = panel + row &* 4
        let rowOutput = slotOutput + row
        switch tokens {
        case 1: run(1, rowPanel, slotActivations, recordCount, rowOutput, outputStride)
        case 2: run(2, rowPanel, slotActivations, recordCount, rowOutput, outputStride)
        case 3: run(3, rowPanel, slotActivations, recordCount, rowOutput, outputStride)
        case 4: run(4, rowPanel, slotActivations, recordCount, rowOutput, outputStride)
        case 5: run(5, rowPanel, slotActivations, recordCount, rowOutput, outputStride)
        default: run(6, rowPanel, slotActivations, recordCount, rowOutput, outputStride)
        }
        row &+= Vector.tileVectorCount &* Vector.laneCount
      }
      slot &+= tokens
    }
  }

  /// `tileVectorCount` vectors of rows by `tokens` tokens. Inlined with a constant number of tokens, all arrays are
  /// registers.
  @inlinable @inline(__always)
  static func run(
    _ tokens: Int, _ panel: UnsafeRawPointer, _ activations: UnsafeRawPointer, _ recordCount: Int,
    _ output: UnsafeMutablePointer<Float>, _ outputStride: Int
  ) {
    guard tokens <= Vector.tileTokenCount else { return }
    let vectors = Vector.tileVectorCount
    let lanes = Vector.laneCount
    var totals = InlineArray<12, Vector.Floats>(repeating: Vector.splat(0 as Float))
    var partials = totals
    var weights = panel
    var record = activations
    var remaining = recordCount
    while remaining > 0 {
      for block in 0..<Shape.blocksPerRecord {
        let sums = blockSums(tokens, block: block, weights, record)
        for vector in 0..<vectors {
          let field = block &* Shape.groupSize &+ vector &* lanes &* 4
          let scale = Vector.loadFloats(weights + (Shape.scaleOffset &+ field))
          for token in 0..<tokens {
            let index = token &* vectors &+ vector
            let dot = Vector.floats(sums[index])
            partials[index] =
              block == 0 ? Vector.multiply(scale, dot) : Vector.multiplyAdd(scale, dot, partials[index])
          }
          if Shape.hasMinimum {
            let minimum = Vector.loadFloats(weights + (Shape.minimumOffset &+ field))
            let sumOffset =
              Shape.blockLength == 32 ? Encoding.sumOffset : Encoding.halfSumOffset &+ 24 &* block
            for token in 0..<tokens {
              let index = token &* vectors &+ vector
              let sum = splatFloat(record + (sumOffset &+ 4 &* token))
              partials[index] = Vector.multiplyAdd(minimum, sum, partials[index])
            }
          }
        }
      }
      for token in 0..<tokens {
        let scale = splatFloat(record + (Encoding.scaleOffset &+ 4 &* token))
        for vector in 0..<vectors {
          let index = token &* vectors &+ vector
          totals[index] = Vector.multiplyAdd(scale, partials[index], totals[index])
        }
      }
      weights += Shape.recordSize
      record += Encoding.recordSize
      remaining &-= 1
    }
    for token in 0..<tokens {
      for vector in 0..<vectors {
        Vector.store(
          totals[token &* vectors &+ vector], to: output + (token &* outputStride &+ vector &* lanes))
      }
    }
  }

  /// Σ x · w over the columns of one block, exactly.
  @inlinable @inline(__always)
  static func blockSums(
    _ tokens: Int, block: Int, _ weights: UnsafeRawPointer, _ record: UnsafeRawPointer
  ) -> InlineArray<12, Vector.Words> {
    let vectors = Vector.tileVectorCount
    let vectorSize = Vector.laneCount &* 4
    let groupsPerBlock = Shape.blockLength / 4
    var sums = InlineArray<12, Vector.Words>(repeating: Vector.splat(0 as Int32))
    for plane in 0..<Encoding.planeCount {
      for vector in 0..<vectors {
        let correction = Vector.loadWords(
          weights + (Shape.correctionOffset &+ block &* Shape.groupSize &+ vector &* vectorSize))
        for token in 0..<tokens {
          let index = token &* vectors &+ vector
          sums[index] =
            plane == 0 ? correction : Vector.add(Vector.shiftLeft(sums[index], by: 8), correction)
        }
      }
      for groupOfBlock in 0..<groupsPerBlock {
        let group = block &* groupsPerBlock &+ groupOfBlock
        let columns = record + (plane &* Encoding.planeSize &+ group &* 4 &* ActivationTile.tokenCount)
        for token in 0..<tokens {
          let activation = Vector.splat(columns.loadUnaligned(fromByteOffset: 4 &* token, as: Int32.self))
          for vector in 0..<vectors {
            let weight = Vector.loadWords(weights + (group &* Shape.groupSize &+ vector &* vectorSize))
            let index = token &* vectors &+ vector
            sums[index] = Shape.dot(Vector.self, sums[index], activation, weight)
          }
        }
      }
    }
    return sums
  }

  @inlinable @inline(__always)
  static func splatFloat(_ address: UnsafeRawPointer) -> Vector.Floats {
    Vector.splat(address.loadUnaligned(as: Float.self))
  }
}
