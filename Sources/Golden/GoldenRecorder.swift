import Qwen3
import Touchstone

/// Makes the entries of a golden set.
package struct GoldenRecorder {
  private let model: EmbeddingModel
  private let options: EmbeddingOptions
  private let role: EmbeddingRole

  /// - Throws: where the options do not fit the model, or give a vector a token.
  package init(
    _ model: EmbeddingModel, options: EmbeddingOptions, role: EmbeddingRole = .document
  ) throws(TouchstoneError) {
    guard try EmbeddingPlan(options, model.configuration).pooling != Pooling.none else {
      throw .invalidOption("a golden set has one vector a text; choose pooling last, mean or cls")
    }
    self.model = model
    self.options = options
    self.role = role
  }

  /// The ids of a text, its own task in front where it has one.
  func tokenIDs(of text: String, task: String?, index: Int) throws(TouchstoneError) -> [Int32] {
    let role = task.map(EmbeddingRole.query(task:)) ?? role
    return try model.tokenIDs(of: EmbeddingInput(text, as: role), options: options, index: index).ids
  }

  /// - Parameter task: the text's own, in place of the set's.
  package func entry(text: String, task: String?, index: Int) throws(TouchstoneError) -> GoldenEntry {
    let ids = try tokenIDs(of: text, task: task, index: index)
    var entry = try self.entry(ids: ids, index: index)
    entry.text = text
    entry.task = task
    return entry
  }

  /// The same for complete ids.
  package func entry(ids: [Int32], index: Int) throws(TouchstoneError) -> GoldenEntry {
    let hasher = StateHasher()
    let result = try model.observe(
      ids, options: options, index: index, shouldContinue: { !Task.isCancelled },
      observer: { name, layer, _, values in hasher.observe(name, layer: layer, values) })
    let vector = result.vectors[0]
    guard vector.allSatisfy(\.isFinite) else { throw .notFinite(index: index) }
    guard vector.contains(where: { $0 != 0 }) else { throw .zeroLength(index: index) }
    return GoldenEntry(
      index: index, tokenIDs: ids, vector: vector,
      checksums: hasher.checksums(layerCount: model.configuration.layerCount))
  }
}
