import CInstructions

/// The bytes that this worker will unpack next, asked for little by little while what is before them is
/// unpacked and multiplied.
///
/// Unpacking reads many rows at once, which hardware prefetchers do not foresee; here, the rows are one piece
/// of memory. Asked for all at once, they would fill the queue of cache misses, and everything would wait.
@usableFromInline
struct PrefetchedBytes {
  @usableFromInline var address: UnsafeRawPointer
  @usableFromInline var remainingLines: Int
  @usableFromInline let linesPerRecord: Int
  @usableFromInline let linesPerBlock: Int

  /// - Parameters:
  ///   - recordCount: how many records will be multiplied in the meantime, over all tiles.
  ///   - blockCount: how many blocks of a vector of rows will be unpacked.
  @inlinable @inline(__always)
  init(_ bytes: UnsafeRawBufferPointer, recordCount: Int, blockCount: Int) {
    // Of nothing, no line is asked for.
    address = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 64).unsafelyUnwrapped
    remainingLines = (bytes.count &+ 63) / 64
    // With few tokens, memory is the limit: it must not rest while blocks are unpacked, a third of the time.
    let recordCount = max(1, recordCount)
    let share = 3 &* remainingLines / (4 &* recordCount)
    if share > 0 {
      linesPerRecord = share
      linesPerBlock = (remainingLines &- share &* recordCount &+ blockCount &- 1) / blockCount
    } else {
      linesPerRecord = (remainingLines &+ recordCount &- 1) / recordCount
      linesPerBlock = 0
    }
  }

  /// How many lines to ask for with each of the next `recordCount` records; none when all are on their way.
  @inlinable @inline(__always)
  mutating func takeLines(recordCount: Int) -> (address: UnsafeRawPointer, linesPerRecord: Int) {
    guard remainingLines > 0 else { return (address, 0) }
    defer {
      address += recordCount &* linesPerRecord &* 64
      remainingLines &-= recordCount &* linesPerRecord
    }
    return (address, linesPerRecord)
  }

  /// Asks for the share of one block.
  @inlinable @inline(__always)
  mutating func askForBlock() {
    guard remainingLines > 0 else { return }
    for _ in 0..<linesPerBlock {
      prefetchForReading(address)
      address += 64
    }
    remainingLines &-= linesPerBlock
  }
}
