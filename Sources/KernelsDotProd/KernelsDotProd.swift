import CInstructions
import Kernels

/// Vectors of eight, two registers of NEON, with `sdot` (Armv8.2 with FEAT_DotProd).
struct DotProdInstructions: VectorInstructions {
  typealias Floats = SIMD8<Float>
  typealias Words = SIMD8<Int32>
  typealias Products = DotProdProducts

  @inline(__always)
  static func lookup(_ table: UnsafePointer<Int8>, _ indices: Words) -> Words {
    neonLookupWord8(table, indices)
  }
  @inline(__always)
  static func gather(_ table: UnsafePointer<Int32>, _ indices: Words) -> Words {
    neonGatherWord8(table, indices)
  }
  @inline(__always)
  static func floatsFromHalves(_ words: Words) -> Floats {
    neonFloatsFromHalvesWord8(words)
  }

  /// Twelve registers of sums, twelve of totals, two of weights and two of activations.
  @inline(__always)
  static var tileVectorCount: Int { 1 }
  @inline(__always)
  static var tileTokenCount: Int { 6 }
  @inline(__always)
  static var productKind: ProductKind { .lanes }

  @inline(__always)
  static func dot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words {
    unsignedDotWord8(sum, unsignedBytes, signedBytes)
  }
  @inline(__always)
  static func dotOfPairs(_ sum: Words, _ a: Words, _ b: Words) -> Words {
    neonDotOfPairsWord8(sum, a, b)
  }
  @inline(__always)
  static func dotOfPairs(_ sum: Words, _ a: Words, splat pair: Int32) -> Words {
    dotOfSplatPairsWord8(sum, a, pair)
  }
}

enum DotProdProducts: SignedProducts {
  typealias Words = SIMD8<Int32>

  @inline(__always)
  static func laneDot(_ sum: Words, _ activations: SIMD4<Int32>, lane: Int, _ weights: Words) -> Words {
    switch lane {
    case 0: laneDot0Word8(sum, activations, weights)
    case 1: laneDot1Word8(sum, activations, weights)
    case 2: laneDot2Word8(sum, activations, weights)
    default: laneDot3Word8(sum, activations, weights)
    }
  }
}

/// It stores nothing, so that the compiler emits no shared helpers (copies of a `String`, say) in this
/// instruction set for the linker to pick for everyone.
final class DotProdKernels: InstructionKernelSet {
  typealias Instructions = DotProdInstructions
  var name: String { "dotprod" }
}

/// The kernels for Arm processors with dot products of bytes (Neoverse N1, Apple M1 and later); their code
/// does not run elsewhere.
///
/// The concrete types stay in this module: another one would specialise them without its instruction-set
/// flags.
@inline(never)
public func makeDotProdKernels() -> any KernelSet { DotProdKernels() }
