import CInstructions

/// Sixteen lanes in whatever the compiler makes of them: what runs on a processor that no other set fits, and
/// the yardstick of all the others.
public struct PortableInstructions: VectorInstructions {
  public typealias Floats = SIMD16<Float>
  public typealias Words = SIMD16<Int32>

  @inlinable @inline(__always)
  public static var tileVectorCount: Int { 1 }
  @inlinable @inline(__always)
  public static var tileTokenCount: Int { 2 }

  #if arch(x86_64)
    @inlinable @inline(__always)
    public static var hasMultiplyAdd: Bool { false }
  #endif

  @inlinable @inline(__always)
  public static func dot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words {
    portableDotWord16(sum, unsignedBytes, signedBytes)
  }
  @inlinable @inline(__always)
  public static func dotOfPairs(_ sum: Words, _ a: Words, _ b: Words) -> Words {
    portableDotOfPairsWord16(sum, a, b)
  }
}
