import CInstructions
import Kernels

/// 512-bit vectors with `vpdpbusd` (AVX-512 F, BW, DQ, VL and VNNI).
struct AVX512Instructions: VectorInstructions {
  typealias Floats = SIMD16<Float>
  typealias Words = SIMD16<Int32>

  /// Fewer tokens take sections of a panel, which are twice as large then: measured, attempt 55.
  @inline(__always)
  static var fewestTokensOfHalves: Int { 49 }
  @inline(__always)
  static var tileVectorCount: Int { 2 }
  @inline(__always)
  static var tileTokenCount: Int { 6 }
  @inline(__always)
  static func dot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words {
    vnniDotWord16(sum, unsignedBytes, signedBytes)
  }
  @inline(__always)
  static func dotOfPairs(_ sum: Words, _ a: Words, _ b: Words) -> Words {
    vnniDotOfPairsWord16(sum, a, b)
  }
}

/// It stores nothing, so that the compiler emits no shared helpers (copies of a `String`, say) in this
/// instruction set for the linker to pick for everyone.
final class AVX512Kernels: InstructionKernelSet {
  typealias Instructions = AVX512Instructions
  var name: String { "avx512" }
}

/// The kernels for processors with AVX-512 VNNI; their code does not run elsewhere.
///
/// The concrete types stay in this module: another one would specialise them without its instruction-set
/// flags.
@inline(never)
public func makeAVX512Kernels() -> any KernelSet { AVX512Kernels() }
