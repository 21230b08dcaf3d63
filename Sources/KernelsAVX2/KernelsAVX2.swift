import CInstructions
import Kernels

/// 256-bit vectors; the dot product in two or more steps of `vpmaddwd`.
struct AVX2Instructions: VectorInstructions {
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
  static var tileVectorCount: Int { 2 }
  @inline(__always)
  static var tileTokenCount: Int { 3 }
  @inline(__always)
  static var hasNarrowDot: Bool { true }
  @inline(__always)
  static var fewestTokensOfHalves: Int { 1 }

  @inline(__always)
  static func mediumDot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words {
    mediumDotWord8(sum, unsignedBytes, signedBytes)
  }

  @inline(__always)
  static func narrowDot(
    _ sum: Words, _ unsignedBytes0: Words, _ signedBytes0: Words, _ unsignedBytes1: Words,
    _ signedBytes1: Words
  ) -> Words {
    narrowDotWord8(sum, unsignedBytes0, signedBytes0, unsignedBytes1, signedBytes1)
  }

  @inline(__always)
  static func nibbleDot(
    _ sum: Words, _ unsignedBytes0: Words, _ signedBytes0: Words, _ unsignedBytes1: Words,
    _ signedBytes1: Words, _ unsignedBytes2: Words, _ signedBytes2: Words, _ unsignedBytes3: Words,
    _ signedBytes3: Words
  ) -> Words {
    nibbleDotWord8(
      sum, unsignedBytes0, signedBytes0, unsignedBytes1, signedBytes1, unsignedBytes2, signedBytes2,
      unsignedBytes3, signedBytes3)
  }

  @inline(__always)
  static func dot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words {
    wideDotWord8(sum, unsignedBytes, signedBytes)
  }
  @inline(__always)
  static func dotOfPairs(_ sum: Words, _ a: Words, _ b: Words) -> Words {
    dotOfPairsWord8(sum, a, b)
  }
}

/// It stores nothing, so that the compiler emits no shared helpers (copies of a `String`, say) in this
/// instruction set for the linker to pick for everyone.
final class AVX2Kernels: InstructionKernelSet {
  typealias Instructions = AVX2Instructions
  var name: String { "avx2" }
}

/// The kernels for processors with AVX2, FMA and F16C; their code does not run elsewhere.
///
/// The concrete types stay in this module: another one would specialise them without its instruction-set
/// flags.
@inline(never)
public func makeAVX2Kernels() -> any KernelSet { AVX2Kernels() }
