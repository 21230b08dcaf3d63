/// One step of a tile over the keys, and which row sees which of them, as two counts.
public struct AttentionStep {
  public let firstKey: Int
  public let keyCount: Int
  @usableFromInline let firstPosition: Int
  @usableFromInline let groupSize: Int

  @inlinable @inline(__always)
  init(firstKey: Int, keyCount: Int, tile: AttentionTileArguments) {
    self.firstKey = firstKey
    self.keyCount = keyCount
    firstPosition = tile.firstPosition
    groupSize = tile.groupSize
  }

  /// How many of this step's keys the tile's row `row` sees: in causal attention those up to its own
  /// position.
  @inlinable @inline(__always)
  func visibleKeyCount(row: Int) -> Int {
    max(0, min(keyCount, firstPosition + row / groupSize + 1 - firstKey))
  }

  /// How many of the tile's rows do not see this step's key `key`: the first ones.
  @inlinable @inline(__always)
  func hiddenRowCount(key: Int) -> Int {
    max(0, (firstKey + key - firstPosition) * groupSize)
  }
}
