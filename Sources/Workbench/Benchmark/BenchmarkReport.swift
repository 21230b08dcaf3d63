import Touchstone

/// What a benchmark found.
package struct BenchmarkReport: Sendable {
  package let options: BenchmarkOptions
  package let model: BenchmarkModel
  package let machine: BenchmarkMachine
  /// Token ids to vectors, the tokens of all sequences together.
  package let batch: Samples
  package let profile: StageProfile
  /// nil where they were not asked for.
  package let peaks: MachinePeaks?
  package let startUp: StartUp
  /// Bytes of mixed text a second, on one thread.
  package let tokenizerBytesPerSecond: Double
  package let memory: ProcessMemory?

  package var tokensPerSecond: (best: Double, median: Double) {
    (Double(options.totalTokens) / batch.best, Double(options.totalTokens) / batch.median)
  }
}

package struct BenchmarkModel: Sendable {
  package let path: String
  package let name: String?
  package let byteCount: Int
  package let parameterCount: Int
  /// The block format that most bytes are stored in.
  package let mainFormat: String
  package let layerCount: Int
  /// The first layers that are computed one precision higher, since the model has massive activations.
  package let preciseLayerCount: Int
}

package struct BenchmarkMachine: Sendable {
  /// As the operating system names it; nil where it does not.
  package let processor: String?
  /// Those that this process may use.
  package let processorCount: Int
  /// The instruction set that the kernels use.
  package let kernels: String
  package let version: String
}

/// From a cold model to its first vector, inside of the process, with the file in the page cache or not as it
/// happened to be.
package struct StartUp: Sendable {
  /// Opening and checking the file, building the tokenizer.
  package let loadSeconds: Double
  /// From there to the vector of one short text.
  package let firstVectorSeconds: Double
}
