import KernelSelection
import Kernels

/// What the engine is and what it runs on.
public enum EngineInformation {
  public static let version = "0.1.0"

  /// The instruction set that the kernels use: `avx512`, `avxvnni`, `avx2` or `portable`; `TOUCHSTONE_CPU` forces one.
  public static func kernelName() throws(TouchstoneError) -> String {
    do { return try selectKernels().name } catch { throw .environment("\(error)") }
  }

  /// The instruction sets that this processor can run, fastest first.
  public static var supportedKernelNames: [String] { supportedKernels().map(\.name) }

  /// The kernels that OpenBLAS uses for float32, or why it cannot be loaded.
  public static var openBLAS: Result<String, TouchstoneError> {
    switch OpenBLAS.shared {
    case .success(let library): .success(library.kernelName)
    case .failure(let error): .failure(.environment("\(error)"))
    }
  }
}
