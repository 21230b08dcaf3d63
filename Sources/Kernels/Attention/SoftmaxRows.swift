/// One vector of a tile's rows in one step of its keys: what they see, and the running maximum and sum of
/// their softmax.
///
/// The lanes are rows. A key that some of them do not see has a limit in each lane: −∞ for those, ∞ for the
/// others.
@usableFromInline
struct SoftmaxRows<Instructions: VectorInstructions> {
  @usableFromInline let row: Int
  /// The first keys of the step, which all rows see.
  @usableFromInline let visibleToAll: Int
  /// With the keys after them that the last rows see.
  @usableFromInline let visibleToSome: Int
  @usableFromInline let step: AttentionStep
  @usableFromInline let scratch: AttentionScratch

  /// - Parameter rowCount: the rows of the tile.
  @inlinable @inline(__always)
  init(from row: Int, of rowCount: Int, _ step: AttentionStep, _ scratch: AttentionScratch) {
    self.row = row
    visibleToAll = step.visibleKeyCount(row: row)
    visibleToSome = step.visibleKeyCount(row: min(row + Instructions.laneCount, rowCount) - 1)
    self.step = step
    self.scratch = scratch
  }

  /// Where the score of a key is, and later its weight.
  @inlinable @inline(__always)
  func address(_ key: Int) -> UnsafeMutablePointer<Float> {
    scratch.weights + row + key * AttentionScratch.rowCapacity
  }

  @inlinable @inline(__always)
  func score(_ key: Int) -> Instructions.Floats { Instructions.loadFloats(address(key)) }

  @inlinable @inline(__always)
  func limit(_ key: Int) -> Instructions.Floats {
    Instructions.loadFloats(scratch.limits(hiddenRowCount: step.hiddenRowCount(key: key)) + row)
  }

  /// The largest score before this step.
  @inlinable @inline(__always)
  var maximumBefore: Instructions.Floats { Instructions.loadFloats(scratch.maxima + row) }

  /// The largest score with this step.
  ///
  /// - Parameter visit: called before the score of each key that all rows see is read.
  @inlinable @inline(__always)
  func maximum(_ visit: (_ key: Int) -> Void) -> Instructions.Floats {
    typealias I = Instructions
    var maximum = maximumBefore
    var key = 0
    while key < visibleToAll {
      visit(key)
      maximum = I.maximum(maximum, score(key))
      key += 1
    }
    while key < visibleToSome {
      maximum = I.maximum(maximum, I.minimum(score(key), limit(key)))
      key += 1
    }
    return maximum
  }

  /// Brings the running maximum and sum up to date.
  ///
  /// - Parameters:
  ///   - sum: of this step's weights.
  ///   - correction: what everything summed before this step has to be multiplied by.
  @inlinable @inline(__always)
  func update(maximum: Instructions.Floats, sum: Instructions.Floats, correction: Instructions.Floats) {
    typealias I = Instructions
    I.store(correction, to: scratch.corrections + row)
    I.store(maximum, to: scratch.maxima + row)
    I.store(I.multiplyAdd(I.loadFloats(scratch.sums + row), correction, sum), to: scratch.sums + row)
  }
}
