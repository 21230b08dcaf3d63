import CInstructions
import Kernels

/// 512-bit vectors beside the tiles, as in `KernelsAVX512`: what unpacks weights and finishes sums.
struct AMXVectorInstructions: VectorInstructions {
  typealias Floats = SIMD16<Float>
  typealias Words = SIMD16<Int32>

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

/// AMX: one instruction each. The memory for registers is not used.
enum AMXTiles: MatrixTiles {
  @inline(__always)
  static var exist: Bool { true }
  @inline(__always)
  static func configure(depth: Int, _: UnsafeMutableRawPointer) {
    amxConfigure(Int32(truncatingIfNeeded: depth))
  }
  @inline(__always)
  static func release(_: UnsafeMutableRawPointer) { amxRelease() }
  @inline(__always)
  static func loadA(_ source: UnsafeRawPointer, stride: Int, _: UnsafeMutableRawPointer) {
    amxLoadA(source, Int64(truncatingIfNeeded: stride))
  }
  @inline(__always)
  static func loadAHigh(_ source: UnsafeRawPointer, stride: Int, _: UnsafeMutableRawPointer) {
    amxLoadAHigh(source, Int64(truncatingIfNeeded: stride))
  }
  @inline(__always)
  static func loadB(_ source: UnsafeRawPointer, stride: Int, _: UnsafeMutableRawPointer) {
    amxLoadB(source, Int64(truncatingIfNeeded: stride))
  }
  // `set` is a constant wherever these are inlined.
  @inline(__always)
  static func dot(set: Int, _: UnsafeMutableRawPointer) {
    if set == 0 {
      amxZeroC0()
      amxDotC0()
    } else {
      amxZeroC1()
      amxDotC1()
    }
  }
  @inline(__always)
  static func dotHigh(set: Int, _: UnsafeMutableRawPointer) {
    if set == 0 {
      amxZeroCHigh0()
      amxDotCHigh0()
    } else {
      amxZeroCHigh1()
      amxDotCHigh1()
    }
  }
  @inline(__always)
  static func store(set: Int, to target: UnsafeMutableRawPointer, _: UnsafeMutableRawPointer) {
    if set == 0 { amxStoreC0(target) } else { amxStoreC1(target) }
  }
  @inline(__always)
  static func storeHigh(set: Int, to target: UnsafeMutableRawPointer, _: UnsafeMutableRawPointer) {
    if set == 0 { amxStoreCHigh0(target) } else { amxStoreCHigh1(target) }
  }
}

/// It stores nothing, for the reason that `KernelsAVX512` gives.
final class AMXKernels: InstructionMatrixTileKernels {
  typealias Instructions = AMXVectorInstructions
  typealias Tiles = AMXTiles
}

/// The integer multiply for processors with AMX, after the operating system has allowed tiles; its code does
/// not run elsewhere.
///
/// The concrete types stay in this module: another one would specialise them without its instruction-set
/// flags.
@inline(never)
public func makeAMXKernels() -> any MatrixTileKernels { AMXKernels() }
