/// The bytes that will be unpacked next, asked for little by little while what is before them is multiplied.
///
/// Unpacking reads many rows at once, which hardware prefetchers do not foresee; here, the rows are one piece of memory.
/// Asked for all at once, they would fill the queue of cache misses, and everything would wait.
@usableFromInline
struct PrefetchedBytes {
  @usableFromInline let address: UnsafeRawPointer
  @usableFromInline let count: Int
  @usableFromInline let linesPerRecord: Int

  /// - Parameter recordCount: how many records will be multiplied in the meantime, over all tiles.
  @inlinable @inline(__always)
  init(_ address: UnsafeRawPointer, count: Int, recordCount: Int) {
    self.address = address
    self.count = count
    let lineCount = (count &+ 63) / 64
    linesPerRecord = (lineCount &+ recordCount &- 1) / max(1, recordCount)
  }

  /// Where to go on when this many records have been multiplied.
  @inlinable @inline(__always)
  func address(after records: Int) -> UnsafeRawPointer { address + records &* linesPerRecord &* 64 }

  /// How many lines to ask for with each record: none when all are on their way.
  @inlinable @inline(__always)
  func linesPerRecord(after records: Int) -> Int {
    records &* linesPerRecord &* 64 < count ? linesPerRecord : 0
  }
}
