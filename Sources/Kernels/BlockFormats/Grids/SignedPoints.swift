/// Sign bits of the IQ2 and IQ3 formats: bit i of a byte is set where weight i of eight is negative.

/// Seven sign bits and an eighth, which makes the number of negative weights even and is not stored.
@inlinable @inline(__always)
func completedSigns(_ sevenBits: UInt32) -> UInt32 {
  let bits = sevenBits & 0x7F
  return bits | UInt32(truncatingIfNeeded: bits.nonzeroBitCount & 1) &<< 7
}

/// Sixteen bytes, negated where their bit of `signs` is set.
@inlinable @inline(__always)
func signedBytes(_ low: UInt64, _ high: UInt64, signs: UInt32) -> Bytes16 {
  let mask = bytes16(byteMask(signs), byteMask(signs &>> 8))
  return (bytes16(low, high) ^ mask) &- mask
}

/// Byte i has all bits of bit i of the low byte.
@inlinable @inline(__always)
func byteMask(_ bits: UInt32) -> UInt64 { fifthBits(UInt64(bits & 0xFF)) &>> 4 &* 0xFF }

extension UnsafeRawPointer {
  /// The half-precision number at an offset.
  @inlinable @inline(__always)
  func half(at offset: Int) -> Float { Float(halfBits: halfWord(at: offset)) }

  @inlinable @inline(__always)
  func halfWord(at offset: Int) -> UInt16 { loadUnaligned(fromByteOffset: offset, as: UInt16.self) }

  @inlinable @inline(__always)
  func byte(at offset: Int) -> UInt32 { UInt32(load(fromByteOffset: offset, as: UInt8.self)) }
}
