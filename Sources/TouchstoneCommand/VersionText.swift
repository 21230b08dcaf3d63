import Touchstone

/// What `--version` says.
enum VersionText {
  /// Stands for the text until somebody asks for it: making it loads OpenBLAS.
  static let placeholder = "touchstone"

  static var current: String {
    let engine = EngineInformation.current
    return """
      touchstone \(engine.version)
      kernels: \(engine.kernels ?? "none: TOUCHSTONE_CPU names an instruction set that this CPU cannot run")
      CPU: \(engine.instructionSets.joined(separator: " "))
      BLAS: \(engine.blasKernel.map { "OpenBLAS \($0)" } ?? "not available")
      """
  }
}
