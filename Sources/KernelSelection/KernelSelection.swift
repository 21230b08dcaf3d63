import CInstructions
import Kernels

#if INSTRUCTION_SET_TARGETS
  import KernelsAVX2
  import KernelsAVX512
  import KernelsAVXVNNI
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
      "TOUCHSTONE_CPU=\(name) names no instruction set; known are avx512, avxvnni, avx2 and portable"
    case .notSupported(let name, let supported):
      "TOUCHSTONE_CPU=\(name) is not possible on this processor; it can run \(supported.joined(separator: ", "))"
    }
  }
}

/// The kernel sets that this processor, under this operating system, can run, fastest first. Never empty.
package func supportedKernels() -> [any KernelSet] {
  var sets: [any KernelSet] = []
  #if INSTRUCTION_SET_TARGETS
    if cpuHasAVX512VNNI() { sets.append(makeAVX512Kernels()) }
    if cpuHasAVXVNNI() { sets.append(makeAVXVNNIKernels()) }
    if cpuHasAVX2() { sets.append(makeAVX2Kernels()) }
  #endif
  sets.append(PortableKernels())
  return sets
}

/// The fastest kernel set, or the one named `name`.
package func selectKernels(named name: String?) throws(KernelSelectionError) -> any KernelSet {
  let supported = supportedKernels()
  guard let name else { return supported[0] }
  if let chosen = supported.first(where: { $0.name == name }) { return chosen }
  guard ["avx512", "avxvnni", "avx2", "portable"].contains(name) else { throw .unknownName(name) }
  throw .notSupported(name: name, supported: supported.map(\.name))
}

/// The kernel set that the environment variable `TOUCHSTONE_CPU` names; without it, the fastest.
package func selectKernels() throws(KernelSelectionError) -> any KernelSet {
  try selectKernels(named: getenv("TOUCHSTONE_CPU").map { String(cString: $0) })
}
