import KernelSelection
import Kernels

/// The engine: its version, and its choices for this machine.
public struct EngineInformation: Sendable, Equatable {
  public let version: String
  /// Raised with every change of a vector's bits: of the arithmetic, or of a text's ids. Part of every
  /// fingerprint. `ArithmeticVersionTests` compares committed bits with those of today.
  public let arithmeticVersion: Int
  /// The instruction sets that the kernels could use on this processor, fastest first.
  public let instructionSets: [String]
  /// The one in use: the fastest, or the one that `TOUCHSTONE_CPU` names. nil where it names none that can
  /// run.
  public let kernels: String?
  /// The kernel that OpenBLAS chose for this processor, or nil where the library cannot be loaded. Asking
  /// loads it.
  public var blasKernel: String? { try? OpenBLAS.shared.get().kernelName }
}

extension EngineInformation {
  static let version = "0.1.0"
  static let arithmeticVersion = 1

  public static let current = EngineInformation(
    version: version, arithmeticVersion: arithmeticVersion,
    instructionSets: supportedKernels().map(\.name), kernels: try? selectKernels().name)
}
