/// A block format that the integer multiply can read: how its blocks become records of a panel.
public protocol PanelFormat {
  associatedtype Shape: PanelShape
  /// What draws the bytes of a block, and counts them.
  associatedtype Block: BlockDecoder

  /// Unpacks the blocks of `laneCount` rows that lie above each other: weights, scales and minima.
  ///
  /// Reads no byte outside the blocks.
  ///
  /// - Parameters:
  ///   - rows: the block of the first row; `stride` bytes further is the block of the next row.
  static func unpack<Instructions: VectorInstructions>(
    _ rows: UnsafeRawPointer, stride: Int, to panel: PanelWriter<Instructions, Shape>)
}

extension VectorInstructions {
  /// Byte `index` of each lane, as an unsigned integer.
  @inlinable @inline(__always)
  static func unsignedByte(_ words: Words, _ index: Int) -> Words {
    and(shiftRight(words, by: Int32(truncatingIfNeeded: 8 &* index)), 0xFF)
  }

  /// Byte `index` of each lane, as a signed integer.
  @inlinable @inline(__always)
  static func signedByte(_ words: Words, _ index: Int) -> Words {
    shiftRight(shiftLeft(words, by: Int32(truncatingIfNeeded: 24 &- 8 &* index)), by: 24)
  }

  /// `count` bits of each byte, from bit `first` on, moved down. Only the low bits of a byte may be asked for
  /// beyond the byte.
  @inlinable @inline(__always)
  static func bits(_ words: Words, from first: Int, count: Int) -> Words {
    let mask = Int32(truncatingIfNeeded: (1 &<< count &- 1) &* 0x0101_0101)
    return and(shiftRight(words, by: Int32(truncatingIfNeeded: first)), mask)
  }

  /// The half-precision number in the high 16 bits of each lane.
  @inlinable @inline(__always)
  static func floatsFromHighHalves(_ words: Words) -> Floats {
    floatsFromHalves(and(shiftRight(words, by: 16), 0xFFFF))
  }

  @inlinable @inline(__always)
  static func negated(_ floats: Floats) -> Floats { multiply(floats, splat(-1 as Float)) }
}
