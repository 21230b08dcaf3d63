import GGUF
import KernelSelection
import Kernels
import Qwen3
import Tokenization

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
  /// Whether matrix registers (AMX) are used, and where not, why: a sentence. nil where the processor has
  /// none.
  public let matrixRegisters: String?
  /// The kernel that OpenBLAS chose for this processor, or nil where the library cannot be loaded. Asking
  /// loads it.
  public var blasKernel: String? { try? OpenBLAS.shared.get().kernelName }
}

extension EngineInformation {
  static let version = "0.1.0"
  static let arithmeticVersion = 3

  public static let current = EngineInformation(
    version: version, arithmeticVersion: arithmeticVersion,
    instructionSets: supportedKernels().map(\.name), kernels: try? selectKernels().name,
    matrixRegisters: MatrixTileSupport.current == .absent ? nil : "\(MatrixTileSupport.current)")
}

// The engine's types that options and descriptions are made of, under this module's name: users import one
// module.
public typealias ActivationPrecision = Qwen3.ActivationPrecision
public typealias CompanionFile = Qwen3.CompanionFile
public typealias Pooling = Qwen3.Pooling
public typealias RerankerHead = Qwen3.RerankerHead
public typealias RotaryScaling = Kernels.RotaryScaling
public typealias YarnScaling = Kernels.YarnScaling

// The errors whose facts a ``TouchstoneError`` carries.
public typealias GGUFError = GGUF.GGUFError
public typealias ModelError = Qwen3.ModelError
public typealias RerankerHeadError = Qwen3.RerankerHeadError
public typealias TokenizationError = Tokenization.TokenizationError

package typealias ModelConfiguration = Qwen3.ModelConfiguration
package typealias IntermediateObserver = Qwen3.IntermediateObserver
package typealias Pass = Qwen3.Pass
package typealias TokenSequence = Qwen3.TokenSequence
package typealias Stage = Kernels.Stage
package typealias StageClock = Kernels.StageClock
package typealias TimelineEvent = Kernels.TimelineEvent
package typealias TimelineOperation = Kernels.TimelineOperation
package typealias TimelineRecorder = Kernels.TimelineRecorder
package typealias TimelineStage = Kernels.TimelineStage
