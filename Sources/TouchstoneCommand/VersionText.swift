import CBuildStamp
import Touchstone

/// What `--version` says.
enum VersionText {
  /// Stands for the text until somebody asks for it: making it loads OpenBLAS.
  static let placeholder = "touchstone"

  static var current: String {
    let engine = EngineInformation.current
    return """
      touchstone \(engine.version)
      commit: \(String(cString: touchstoneBuildStamp()))
      build: \(build), arithmetic \(engine.arithmeticVersion)
      kernels: \(engine.kernels ?? "none: TOUCHSTONE_CPU names an instruction set that this CPU cannot run")
      CPU: \(engine.instructionSets.joined(separator: " "))\(engine.matrixRegisters.map { "\nAMX: \($0)" } ?? "")
      BLAS: \(engine.blasKernel.map { "OpenBLAS \($0)" } ?? "not available")
      """
  }

  private static var build: String {
    #if DEBUG
      let configuration = "debug"
    #else
      let configuration = "release"
    #endif
    #if NETWORK
      let part = "whole"
    #else
      let part = "core (no service, judge, knowledge bases, downloads)"
    #endif
    #if arch(x86_64)
      let processor = "x86-64"
    #elseif arch(arm64)
      let processor = "arm64"
    #else
      let processor = "another processor"
    #endif
    return "\(configuration), \(part), \(processor)"
  }
}
