import CInstructions
import Kernels

/// 256-bit vectors; the dot product in two or more steps of `vpmaddwd`.
public struct AVX2Instructions: VectorInstructions {
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
    narrowDotWord8(sum, unsignedBytes, signedBytes)
  }

  @inlinable @inline(__always)
  public static func dot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words {
    wideDotWord8(sum, unsignedBytes, signedBytes)
  }
}

/// The kernels for processors with AVX2, FMA and F16C.
///
/// Only the choice at run time may create it: its code does not run elsewhere. It stores nothing, so that the compiler
/// emits no shared helpers (copies of a `String`, say) in this instruction set for the linker to pick for everyone.
public struct AVX2Kernels: InstructionKernelSet {
  public typealias Instructions = AVX2Instructions
  public var name: String { "avx2" }
  public init() {}
}
