import CInstructions
import Kernels

/// 256-bit vectors with `vpdpbusd` in its VEX encoding.
struct AVXVNNIInstructions: VectorInstructions {
  typealias Floats = SIMD8<Float>
  typealias Words = SIMD8<Int32>

  @inline(__always)
  static func lookup(_ table: UnsafePointer<Int8>, _ indices: Words) -> Words {
    lookupWord8(table, indices)
  }
  @inline(__always)
  static func gather(_ table: UnsafePointer<Int32>, _ indices: Words) -> Words {
    gatherWord8(table, indices)
  }
  @inline(__always)
  static func floatsFromHalves(_ words: Words) -> Floats {
    floatsFromHalvesWord8(words)
  }

  @inline(__always)
  static var fewestTokensOfHalves: Int { 1 }
  @inline(__always)
  static var tileVectorCount: Int { 2 }
  @inline(__always)
  static var tileTokenCount: Int { 3 }
  @inline(__always)
  static func dot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words {
    vnniDotWord8(sum, unsignedBytes, signedBytes)
  }
  @inline(__always)
  static func dotOfPairs(_ sum: Words, _ a: Words, _ b: Words) -> Words {
    vnniDotOfPairsWord8(sum, a, b)
  }
}

/// It stores nothing, so that the compiler emits no shared helpers (copies of a `String`, say) in this
/// instruction set for the linker to pick for everyone.
final class AVXVNNIKernels: InstructionKernelSet {
  typealias Instructions = AVXVNNIInstructions
  var name: String { "avxvnni" }
}

/// The kernels for processors with AVX-VNNI and without AVX-512; their code does not run elsewhere.
///
/// The concrete types stay in this module: another one would specialise them without its instruction-set
/// flags.
@inline(never)
public func makeAVXVNNIKernels() -> any KernelSet { AVXVNNIKernels() }
