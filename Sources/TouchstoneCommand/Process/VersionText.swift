import Touchstone

/// What `--version` says.
enum VersionText {
  static var current: String {
    let engine = EngineInformation.current
    return """
      touchstone \(engine.version)
      kernels: \(engine.kernels)
      CPU features: \(engine.cpuFeatures.isEmpty ? "none detected" : engine.cpuFeatures.joined(separator: " "))
      BLAS: \(engine.blasKernel ?? "not available")
      """
  }
}
