import CInstructions
import Kernels

#if INSTRUCTION_SET_TARGETS && arch(x86_64)
  import KernelsAMX
  import KernelsAVX512
#endif

/// Whether this process can use matrix registers (AMX), and where not, why.
package enum MatrixTileSupport: Equatable, Sendable, CustomStringConvertible {
  /// The processor or its operating system has none, or this build.
  case absent
  /// The processor has them, and the operating system does not let this process use them.
  case refused(errorNumber: Int32)
  /// They compute something else than vectors do. They are not used then.
  case wrong
  case usable

  /// Asked once: Linux gives the permission to the whole process, threads and children included.
  package static let current = find()

  #if INSTRUCTION_SET_TARGETS && arch(x86_64)
    /// The fewest tokens of a multiply on tiles, measured once. Asked only where tiles are usable.
    static let fewestTokens = MatrixTileCrossover.measured(makeAVX512Kernels(), makeAMXKernels())
  #endif

  package var description: String {
    switch self {
    case .absent: "this processor has no matrix registers (AMX)"
    case .refused(let number):
      "the operating system does not let this process use matrix registers (AMX): arch_prctl gives error \(number)"
    case .wrong: "matrix registers (AMX) compute other bits than vectors here, and are not used"
    case .usable: "matrix registers (AMX) are used"
    }
  }

  private static func find() -> MatrixTileSupport {
    #if INSTRUCTION_SET_TARGETS && arch(x86_64)
      guard cpuHasAMX() else { return .absent }
      let error = requestAMX()
      guard error == 0 else { return .refused(errorNumber: error) }
      return MatrixTileCheck.agrees(makeAVX512Kernels(), makeAMXKernels()) ? .usable : .wrong
    #else
      return .absent
    #endif
  }
}
