extension PanelWriter {
  /// The eight weights of a point of a grid, as groups `group` and `group + 1` of record `record`.
  ///
  /// - Parameters:
  ///   - indices: of the points, one in each lane.
  ///   - signs: bit i of a lane is set where weight i is negative; the higher bits are ignored.
  ///   - sum: see ``store(weights:record:group:addingTo:)``.
  @inlinable @inline(__always)
  func store(
    pointsOf grid: Grid, at indices: Instructions.Words, signs: Instructions.Words, record: Int, group: Int,
    addingTo sum: inout Instructions.Words
  ) {
    let first = Instructions.shiftLeft(indices, by: 1)
    for half in 0..<2 {
      let index = Instructions.add(first, Instructions.splat(Int32(truncatingIfNeeded: half)))
      let mask = Instructions.byteMask(signs, from: 4 &* half)
      let words = Instructions.negated(Instructions.gather(grid.words, index), where: mask)
      store(weights: words, record: record, group: group &+ half, addingTo: &sum)
    }
  }

  /// The four weights of a point of four coordinates, with the signs at bits `firstSign` … `firstSign + 3`.
  @inlinable @inline(__always)
  func store(
    shortPointsOf grid: Grid, at indices: Instructions.Words, signs: Instructions.Words, from firstSign: Int,
    record: Int, group: Int, addingTo sum: inout Instructions.Words
  ) {
    let mask = Instructions.byteMask(signs, from: firstSign)
    let words = Instructions.negated(Instructions.gather(grid.words, indices), where: mask)
    store(weights: words, record: record, group: group, addingTo: &sum)
  }

  /// The eight weights of a point, all moved by the byte that `shift` has four times.
  @inlinable @inline(__always)
  func store(
    pointsOf grid: Grid, at indices: Instructions.Words, less shift: Instructions.Words, record: Int,
    group: Int, addingTo sum: inout Instructions.Words
  ) {
    let first = Instructions.shiftLeft(indices, by: 1)
    for half in 0..<2 {
      let index = Instructions.add(first, Instructions.splat(Int32(truncatingIfNeeded: half)))
      let words = Instructions.subtractBytes(Instructions.gather(grid.words, index), shift)
      store(weights: words, record: record, group: group &+ half, addingTo: &sum)
    }
  }
}

extension VectorInstructions {
  /// Bits `first` … `first + 3` of each lane as bytes: 0xFF where a bit is set.
  @inlinable @inline(__always)
  static func byteMask(_ words: Words, from first: Int) -> Words {
    let fourBits = and(shiftRight(words, by: Int32(truncatingIfNeeded: first)), 0xF)
    // The product has bit i at 8 i, among copies that do not reach each other.
    let ones = and(multiply(fourBits, splat(0x0020_4081 as Int32)), 0x0101_0101)
    return subtract(shiftLeft(ones, by: 8), ones)
  }

  /// Bytes, negated where those of `mask` are 0xFF; the others are 0.
  @inlinable @inline(__always)
  static func negated(_ bytes: Words, where mask: Words) -> Words {
    subtractBytes(exclusiveOr(bytes, mask), mask)
  }

  /// Seven bits of each lane, from bit `first` on, and an eighth that makes the number of set bits even.
  @inlinable @inline(__always)
  static func completedSigns(_ words: Words, from first: Int) -> Words {
    let bits = and(shiftRight(words, by: Int32(truncatingIfNeeded: first)), 0x7F)
    var parity = exclusiveOr(bits, shiftRight(bits, by: 4))
    parity = exclusiveOr(parity, shiftRight(parity, by: 2))
    parity = exclusiveOr(parity, shiftRight(parity, by: 1))
    return or(bits, shiftLeft(and(parity, 1), by: 7))
  }

  /// `count` bits of each lane, from bit `first` on.
  @inlinable @inline(__always)
  static func field(_ words: Words, from first: Int, count: Int) -> Words {
    and(
      shiftRight(words, by: Int32(truncatingIfNeeded: first)),
      Int32(truncatingIfNeeded: 1 &<< count &- 1))
  }

  /// `2 n + 1` as a float, n being `count` bits of each lane from bit `first` on.
  @inlinable @inline(__always)
  static func oddNumbers(_ words: Words, from first: Int, count: Int) -> Floats {
    floats(add(shiftLeft(field(words, from: first, count: count), by: 1), splat(1 as Int32)))
  }
}
