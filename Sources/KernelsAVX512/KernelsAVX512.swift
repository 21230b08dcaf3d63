import CInstructions
import Kernels

/// 512-bit vectors with `vpdpbusd` (AVX-512 F, BW, DQ, VL and VNNI).
public struct AVX512Instructions: VectorInstructions {
  public typealias Floats = SIMD16<Float>
  public typealias Words = SIMD16<Int32>

  @inlinable @inline(__always)
  public static var tileVectorCount: Int { 2 }
  @inlinable @inline(__always)
  public static var tileTokenCount: Int { 6 }

  @inlinable @inline(__always)
  public static func narrowDot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words {
    vnniDotWord16(sum, unsignedBytes, signedBytes)
  }

  @inlinable @inline(__always)
  public static func dot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words {
    vnniDotWord16(sum, unsignedBytes, signedBytes)
  }
}

/// The kernels for processors with AVX-512 VNNI.
///
/// Only the choice at run time may create it: its code does not run elsewhere. It stores nothing, so that the compiler
/// emits no shared helpers (copies of a `String`, say) in this instruction set for the linker to pick for everyone.
public struct AVX512Kernels: InstructionKernelSet {
  public typealias Instructions = AVX512Instructions
  public var name: String { "avx512" }
  public init() {}
}
