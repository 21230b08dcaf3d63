import CInstructions
import Kernels

#if INSTRUCTION_SET_TARGETS && arch(x86_64)
  import KernelsAMX
  import KernelsAVX2
  import KernelsAVX512
  import KernelsAVXVNNI
#elseif INSTRUCTION_SET_TARGETS && arch(arm64)
  import KernelsDotProd
  import KernelsI8MM
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why an instruction set that was asked for cannot be used.
package enum KernelSelectionError: Error, Equatable, CustomStringConvertible {
  case unknownName(String)
  case notSupported(name: String, supported: [String])

  package var description: String {
    switch self {
    case .unknownName(let name):
      "TOUCHSTONE_CPU=\(name) names no instruction set; known are "
        + "\(knownNames.dropLast().joined(separator: ", ")) and portable"
    case .notSupported(let name, let supported):
      "TOUCHSTONE_CPU=\(name) is not possible on this processor; it can run \(supported.joined(separator: ", "))"
    }
  }
}

/// Fastest first, on any processor.
private let knownNames = ["amx", "avx512", "avxvnni", "avx2", "i8mm", "dotprod", "portable"]

/// The kernel sets that this processor, under this operating system, can run, fastest first. Never empty.
package func supportedKernels() -> [any KernelSet] {
  var sets: [any KernelSet] = []
  #if INSTRUCTION_SET_TARGETS && arch(x86_64)
    if cpuHasAVX512VNNI() {
      let vectors = makeAVX512Kernels()
      if MatrixTileSupport.current == .usable {
        sets.append(
          TiledKernels(
            name: "amx", vectors: vectors, tiles: makeAMXKernels(),
            fewestTokens: MatrixTileSupport.fewestTokens))
      }
      sets.append(vectors)
    }
    if cpuHasAVXVNNI() { sets.append(makeAVXVNNIKernels()) }
    if cpuHasAVX2() { sets.append(makeAVX2Kernels()) }
  #elseif INSTRUCTION_SET_TARGETS && arch(arm64)
    if cpuHasI8MM() { sets.append(makeI8MMKernels()) }
    if cpuHasDotProd() { sets.append(makeDotProdKernels()) }
  #endif
  sets.append(PortableKernels())
  return sets
}

/// All of these, and the matrix tiles as plain functions: what tests compare.
package func kernelsUnderTest() -> [any KernelSet] { supportedKernels() + [emulatedTileKernels] }

/// The tile instructions as plain functions beside portable vectors: very slow, the same bits.
private let emulatedTileKernels = TiledKernels(
  name: "amx-emulated", vectors: PortableKernels(), tiles: EmulatedMatrixTileKernels(), fewestTokens: 13)

/// The fastest kernel set, or the one named `name`.
package func selectKernels(named name: String?) throws(KernelSelectionError) -> any KernelSet {
  let supported = supportedKernels()
  guard let name else { return supported[0] }
  if let chosen = supported.first(where: { $0.name == name }) { return chosen }
  if name == emulatedTileKernels.name { return emulatedTileKernels }
  guard knownNames.contains(name) else { throw .unknownName(name) }
  throw .notSupported(name: name, supported: supported.map { $0.name })
}

/// The kernel set that the environment variable `TOUCHSTONE_CPU` names; without it, the fastest.
package func selectKernels() throws(KernelSelectionError) -> any KernelSet {
  try selectKernels(named: getenv("TOUCHSTONE_CPU").map { String(cString: $0) })
}
