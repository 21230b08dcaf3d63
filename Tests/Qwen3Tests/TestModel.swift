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
