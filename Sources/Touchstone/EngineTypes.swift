import Kernels
import Qwen3

// The engine's types that options and descriptions are made of, under this module's name: users import one
// module.
public typealias ActivationPrecision = Qwen3.ActivationPrecision
public typealias CompanionFile = Qwen3.CompanionFile
public typealias ModelConfiguration = Qwen3.ModelConfiguration
public typealias Pooling = Qwen3.Pooling
public typealias RankHeadPlace = Qwen3.RankHeadPlace

package typealias IntermediateObserver = Qwen3.IntermediateObserver
package typealias Pass = Qwen3.Pass
public typealias RotaryScaling = Kernels.RotaryScaling
public typealias YarnScaling = Kernels.YarnScaling

package typealias TokenSequence = Qwen3.TokenSequence
package typealias Stage = Kernels.Stage
package typealias StageClock = Kernels.StageClock
