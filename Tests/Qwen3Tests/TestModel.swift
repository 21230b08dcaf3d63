import GGUF
import KernelSelection
import Kernels
import Qwen3

/// A transformer of one of the files in `testdata/`.
func transformer(
  _ path: String, workers: Int = 2, kernels: (any KernelSet)? = nil,
  floatMultiplier: FloatMultiplier = .touchstone
) throws -> Transformer {
  let file = try GGUFFile.open(path: path)
  let configuration = try ModelConfiguration(file)
  return Transformer(
    configuration, try ModelWeights(file, configuration),
    compute: Compute(
      kernels: try kernels ?? selectKernels(), workers: Workers(count: workers),
      floatMultiplier: floatMultiplier))
}

extension Transformer {
  /// The states of sequences that share nothing.
  func states(
    _ sequences: [[Int32]], pooling: Pooling = .last, activations: ActivationPrecision, chunkLength: Int = 512
  ) -> [[Float]]? {
    run(
      Pass(
        sequences.map { TokenSequence($0) }, pooling: pooling, activations: activations,
        chunkLength: chunkLength))
  }
}
