import Kernels

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The arithmetic that multiplies float32 matrices: F32, F16 and BF16 weights always, all weights with
/// `ActivationPrecision.f32`. Quantized weights with integer activations never meet it.
public enum FloatMultiplication: String, CaseIterable, Sendable {
  /// This engine's own kernels: the same bits on every processor, in any batch, with any number of threads.
  case touchstone
  /// `cblas_sgemm` of OpenBLAS, an independent implementation: agrees within float32 rounding and promises no
  /// bits, which depend on the batch and on the kernel that OpenBLAS chose.
  case openBLAS = "openblas"

  /// The value of `TOUCHSTONE_SGEMM`, else ``touchstone``.
  static func ofEnvironment() throws(TouchstoneError) -> FloatMultiplication {
    let name = ProcessInfo.processInfo.environment["TOUCHSTONE_SGEMM"] ?? ""
    guard !name.isEmpty else { return .touchstone }
    guard let multiplication = FloatMultiplication(rawValue: name) else {
      throw .environment("TOUCHSTONE_SGEMM is '\(name)', but must be 'touchstone' or 'openblas'")
    }
    return multiplication
  }

  func multiplier() throws(OpenBLAS.LoadingError) -> FloatMultiplier {
    switch self {
    case .touchstone: .touchstone
    case .openBLAS: .openBLAS(try OpenBLAS.shared.get())
    }
  }
}
