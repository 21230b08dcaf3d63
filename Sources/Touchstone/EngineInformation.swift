/// What computes: the version, and what was chosen for this machine.
public struct EngineInformation: Sendable, Equatable {
  public let version: String
  /// The features of this CPU that the kernels can use, by their usual names: `avx2`, `avx512_vnni`.
  public let cpuFeatures: [String]
  /// The set of kernels in use.
  public let kernels: String
  /// The kernel that OpenBLAS chose for this CPU, or nil where the library cannot be loaded.
  public let blasKernel: String?
}

extension EngineInformation {
  public static let current = EngineInformation(
    version: "0.1.0", cpuFeatures: [], kernels: "portable", blasKernel: nil)
}
