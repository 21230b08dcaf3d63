import CInstructions

/// Sixteen bytes of a block: the unit in which all quantized formats are unpacked.
@usableFromInline typealias Bytes16 = SIMD16<UInt8>

extension UnsafeRawPointer {
  /// Sixteen bytes at an offset from a pointer of any alignment.
  @inlinable @inline(__always)
  func bytes16(at offset: Int) -> Bytes16 {
    loadUnaligned(fromByteOffset: offset, as: Bytes16.self)
  }

  @inlinable @inline(__always)
  func word(at offset: Int) -> UInt32 {
    loadUnaligned(fromByteOffset: offset, as: UInt32.self)
  }

  /// The half-precision number at an offset, as a float in every lane.
  @inlinable @inline(__always)
  func halfSplat(at offset: Int) -> SIMD16<Float> {
    splatFromHalf(loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }
}

extension UnsafeMutablePointer<Float> {
  /// Stores sixteen floats; the address need only be aligned as one float.
  @inlinable @inline(__always)
  func store(_ values: SIMD16<Float>, at offset: Int) {
    UnsafeMutableRawPointer(self + offset).storeBytes(of: values, as: SIMD16<Float>.self)
  }
}

extension SIMD16<UInt8> {
  /// The low four bits of every byte.
  @inlinable @inline(__always)
  var lowNibbles: Self { self & Self(repeating: 0x0F) }

  /// The high four bits of every byte, moved down.
  @inlinable @inline(__always)
  var highNibbles: Self { self &>> 4 }

  /// The low `count` bits of every byte.
  @inlinable @inline(__always)
  func lowBits(_ count: UInt8) -> Self { self & Self(repeating: 1 &<< count &- 1) }

  /// Every byte shifted by the same number of bits.
  @inlinable @inline(__always)
  static func &>> (bytes: Self, count: UInt8) -> Self { bytes &>> Self(repeating: count) }

  /// Every byte shifted by the same number of bits.
  @inlinable @inline(__always)
  static func &<< (bytes: Self, count: UInt8) -> Self { bytes &<< Self(repeating: count) }

  /// Each byte as an unsigned number.
  @inlinable @inline(__always)
  var floats: SIMD16<Float> { floatsFromByte16(self) }

  /// Each byte as an unsigned number, less a whole number below 256.
  @inlinable @inline(__always)
  func floats(minus offset: Float) -> SIMD16<Float> { floatsFromByte16Minus(self, offset) }

  /// Each byte as a signed number.
  @inlinable @inline(__always)
  var signedFloats: SIMD16<Float> {
    floatsFromSignedByte16(unsafeBitCast(self, to: SIMD16<Int8>.self))
  }
}

/// Sixteen bytes from two numbers, the lowest byte of `low` first.
@inlinable @inline(__always)
func bytes16(_ low: UInt64, _ high: UInt64) -> Bytes16 {
  unsafeBitCast(SIMD2(low, high), to: Bytes16.self)
}

/// Sixteen bytes from four words, the lowest byte of the first word first.
@inlinable @inline(__always)
func bytes16(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> Bytes16 {
  unsafeBitCast(SIMD4(a, b, c, d), to: Bytes16.self)
}

/// Eight bits for bytes 0…7 and eight for bytes 8…15, each moved to bit 4 of its byte.
@inlinable @inline(__always)
func fifthBitOfEachByte(_ bits: UInt32) -> Bytes16 {
  bytes16(fifthBits(UInt64(bits & 0xFF)), fifthBits(UInt64(bits &>> 8 & 0xFF)))
}

/// Bit i of a byte, moved to bit 4 of byte i.
@inlinable @inline(__always)
func fifthBits(_ byte: UInt64) -> UInt64 {
  let bitOfEachByte = (byte &* 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201
  // Adding 127 carries any set bit into the top bit of its own byte.
  return (bitOfEachByte &+ 0x7F7F_7F7F_7F7F_7F7F) &>> 3 & 0x1010_1010_1010_1010
}
