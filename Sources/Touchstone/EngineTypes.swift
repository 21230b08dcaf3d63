import GGUF
import Kernels
import Qwen3
import Tokenization

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
