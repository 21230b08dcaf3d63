import CInstructions
import Kernels

/// Vectors of eight, two registers of NEON, with `smmla` (Armv8.2 with FEAT_I8MM).
struct I8MMInstructions: VectorInstructions {
  typealias Floats = SIMD8<Float>
  typealias Words = SIMD8<Int32>
  typealias Products = I8MMProducts

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

  /// Twelve registers of sums, twelve of totals, two of weights and three of activations.
  @inline(__always)
  static var tileVectorCount: Int { 1 }
  @inline(__always)
  static var tileTokenCount: Int { 6 }
  @inline(__always)
  static var productKind: ProductKind { .pairs }

  @inline(__always)
  static func dot(_ sum: Words, _ unsignedBytes: Words, _ signedBytes: Words) -> Words {
    mixedDotWord8(sum, unsignedBytes, signedBytes)
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

enum I8MMProducts: SignedProducts {
  typealias Words = SIMD8<Int32>

  @inline(__always)
  static func matrixDot(_ sum: Words, _ activations: SIMD4<Int32>, _ weights: Words) -> Words {
    matrixDotWord8(sum, activations, weights)
  }
}

/// It stores nothing, so that the compiler emits no shared helpers (copies of a `String`, say) in this
/// instruction set for the linker to pick for everyone.
final class I8MMKernels: InstructionKernelSet {
  typealias Instructions = I8MMInstructions
  var name: String { "i8mm" }
}

/// The kernels for Arm processors with products of byte matrices (Neoverse V1 and N2, Apple M2, and later);
/// their code does not run elsewhere.
///
/// The concrete types stay in this module: another one would specialise them without its instruction-set
/// flags.
@inline(never)
public func makeI8MMKernels() -> any KernelSet { I8MMKernels() }
