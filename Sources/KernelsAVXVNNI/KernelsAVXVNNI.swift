import CInstructions
import Kernels

/// 256-bit vectors with `vpdpbusd` in its VEX encoding.
public struct AVXVNNIInstructions: VectorInstructions {
  public typealias Floats = SIMD8<Float>
  public typealias Words = SIMD8<Int32>

  @inlinable @inline(__always)
  public static func lookup(_ table: UnsafePointer<Int8>, _ indices: Words) -> Words {
    lookupWord8(table, indices)
  }
  @inlinable @inline(__always)
  public static func floatsFromHalves(_ words: Words) -> Floats {
    floatsFromHalvesWord8(words)
  }

  @inlinable @inline(__always)
  public static var tileVectorCount: Int { 2 }
  @inlinable @inline(__always)
  public static var tileTokenCount: Int { 3 }

  @inlinable @inline(__always)
  public static func narrowDot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words {
    vnniDotWord8(sum, unsignedBytes, signedBytes)
  }

  @inlinable @inline(__always)
  public static func dot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words {
    vnniDotWord8(sum, unsignedBytes, signedBytes)
  }
}

/// The kernels for processors with AVX-VNNI and without AVX-512.
///
/// Only the choice at run time may create it: its code does not run elsewhere. It stores nothing, so that the compiler
/// emits no shared helpers (copies of a `String`, say) in this instruction set for the linker to pick for everyone.
public struct AVXVNNIKernels: InstructionKernelSet {
  public typealias Instructions = AVXVNNIInstructions
  public var name: String { "avxvnni" }
  public init() {}
}
