import Foundation
import Touchstone
import Workbench

/// A small model in a file of its own, which goes when the test does.
final class MadeModel {
  let path = FileManager.default.temporaryDirectory.appending(path: "touchstone-\(UUID().uuidString).gguf")
    .path
  let model: SyntheticModel

  init(
    _ mix: WeightMix = .Q4_K_M, isPure: Bool = false, seed: UInt64 = 1, threads: Int = 2,
    vocabulary: SyntheticVocabulary = .bytes, shape change: (inout SyntheticShape) -> Void = { _ in }
  ) throws {
    var shape = Self.shape
    change(&shape)
    model = try SyntheticModel(shape: shape, mix: mix, isPure: isPure, seed: seed, vocabulary: vocabulary)
    try model.write(to: path, threadCount: threads)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var bytes: Data { get throws { try Data(contentsOf: URL(fileURLWithPath: path)) } }

  /// Rows are whole blocks of every format.
  static let shape = SyntheticShape(
    layerCount: 3, hiddenSize: 256, feedForwardSize: 512, headCount: 8, keyValueHeadCount: 2,
    headDimension: 64,
    contextLength: 64, vocabularySize: 300)
}
