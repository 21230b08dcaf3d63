/// Where a block format puts what it unpacks: the records of one block, for as many rows as there are lanes.
public struct PanelWriter<Instructions: VectorInstructions, Shape: PanelShape> {
  /// The first record of the block, at the first row of the lanes.
  @usableFromInline let address: UnsafeMutableRawPointer
  /// ``ActivationEncoding/sumBias``
  @usableFromInline let sumBias: Int32
  /// ``ActivationEncoding/hasHalves``
  @usableFromInline let hasHalves: Bool

  @inlinable @inline(__always)
  init(_ address: UnsafeMutableRawPointer, sumBias: Int32, hasHalves: Bool) {
    self.address = address
    self.sumBias = sumBias
    self.hasHalves = hasHalves
  }

  @inlinable @inline(__always)
  var recordSize: Int { Shape.recordSize(hasHalves: Instructions.multipliesHalves && hasHalves) }

  /// The weights of four columns: 4 · `group` … 4 · `group` + 3 of record `record`, as signed bytes.
  ///
  /// - Parameter sum: the sum of the weights of their block, for ``store(sum:record:block:)``.
  @inlinable @inline(__always)
  public func store(
    weights: Instructions.Words, record: Int, group: Int, addingTo sum: inout Instructions.Words
  ) {
    let target = address + (record &* recordSize &+ group &* Shape.groupSize)
    if Instructions.multipliesHalves, hasHalves {
      Instructions.store(Instructions.evenBytesAsHalves(weights), to: target)
      Instructions.store(Instructions.oddBytesAsHalves(weights), to: target + Shape.recordSize)
      return
    }
    if Instructions.productKind == .pairs, group & 1 == 1 {
      // Every format stores an even group before the odd one behind it.
      let even = Instructions.loadWords(target - Shape.groupSize)
      Instructions.store(Instructions.Products.interleavedLow(even, weights), to: target - Shape.groupSize)
      Instructions.store(Instructions.Products.interleavedHigh(even, weights), to: target)
    } else {
      Instructions.store(weights, to: target)
    }
    if Instructions.productKind.isSigned { return }
    let ones = Instructions.splat(0x0101_0101 as Int32)
    if Shape.isNarrow, Instructions.hasNarrowDot {
      let zero = Instructions.splat(0 as Int32)
      sum = Instructions.narrowDot(sum, ones, weights, zero, zero)
    } else {
      sum = Instructions.dot(sum, ones, weights)
    }
  }

  /// The correction of block `block` of record `record`, from the sum of its weights.
  @inlinable @inline(__always)
  public func store(sum: Instructions.Words, record: Int, block: Int = 0) {
    if Instructions.productKind.isSigned || Instructions.multipliesHalves && hasHalves { return }
    let correction = Instructions.subtract(
      Instructions.splat(sumBias), Instructions.shiftLeft(sum, by: 7))
    let offset = record &* recordSize &+ Shape.correctionOffset &+ block &* Shape.groupSize
    Instructions.store(correction, to: address + offset)
  }

  /// The scales of block `block` of record `record`, and their biases.
  @inlinable @inline(__always)
  public func store(scales: Instructions.Floats, record: Int, block: Int = 0) {
    let offset = record &* recordSize &+ Shape.scaleOffset &+ block &* Shape.groupSize
    Instructions.store(scales, to: address + offset)
    let biases = Instructions.multiply(scales, Instructions.splat(-SumBias.value))
    Instructions.store(biases, to: address + (offset &- Shape.scaleOffset &+ Shape.biasOffset))
  }

  /// The minima of block `block` of record `record`.
  @inlinable @inline(__always)
  public func store(minima: Instructions.Floats, record: Int, block: Int = 0) {
    let offset = record &* recordSize &+ Shape.minimumOffset &+ block &* Shape.groupSize
    Instructions.store(minima, to: address + offset)
  }
}
