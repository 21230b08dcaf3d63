/// Where a block format puts what it unpacks: the records of one block, for as many rows as there are lanes.
public struct PanelWriter<Instructions: VectorInstructions, Shape: PanelShape> {
  /// The first record of the block, at the first row of the lanes.
  @usableFromInline let address: UnsafeMutableRawPointer

  @inlinable @inline(__always)
  init(_ address: UnsafeMutableRawPointer) {
    self.address = address
  }

  /// The weights of four columns: 4 · `group` … 4 · `group` + 3 of record `record`, as signed bytes.
  @inlinable @inline(__always)
  public func store(weights: Instructions.Words, record: Int, group: Int) {
    Instructions.store(weights, to: address + (record &* Shape.recordSize &+ group &* Shape.groupSize))
  }

  /// The scales of block `block` of record `record`.
  @inlinable @inline(__always)
  public func store(scales: Instructions.Floats, record: Int, block: Int = 0) {
    let offset = record &* Shape.recordSize &+ Shape.scaleOffset &+ block &* Shape.groupSize
    Instructions.store(scales, to: address + offset)
  }

  /// The minima of block `block` of record `record`.
  @inlinable @inline(__always)
  public func store(minima: Instructions.Floats, record: Int, block: Int = 0) {
    let offset = record &* Shape.recordSize &+ Shape.minimumOffset &+ block &* Shape.groupSize
    Instructions.store(minima, to: address + offset)
  }

  /// Writes the corrections of one record, from its weights.
  @inlinable @inline(__always)
  func storeCorrections(record: Int) {
    let fields = address + record &* Shape.recordSize
    let groupsPerBlock = Shape.blockLength / 4
    for block in 0..<Shape.blocksPerRecord {
      var sum = Instructions.splat(0 as Int32)
      for group in 0..<groupsPerBlock {
        let offset = (block &* groupsPerBlock &+ group) &* Shape.groupSize
        sum = Shape.dot(
          Instructions.self, sum, Instructions.splat(0x0101_0101 as Int32),
          Instructions.loadWords(fields + offset))
      }
      let correction = Instructions.subtract(
        Instructions.splat(0 as Int32), Instructions.shiftLeft(sum, by: 7))
      Instructions.store(
        correction, to: fields + (Shape.correctionOffset &+ block &* Shape.groupSize))
    }
  }
}
