import Qwen3
import Touchstone

/// Runs a model over one sequence and writes the selected intermediates as they are computed, each where it
/// belongs in the file: memory grows with a chunk of tokens, not with the trace.
package struct TraceRecorder {
  private let model: EmbeddingModel
  private let options: EmbeddingOptions
  private let ids: [Int32]
  private let points: [TracePoint]
  package let layout: SafetensorsLayout

  /// - Parameter metadata: what the caller knows beside the model's own facts.
  package init(
    _ model: EmbeddingModel, _ ids: [Int32], options: EmbeddingOptions, selection: TraceSelection = .all,
    metadata others: [String: String] = [:]
  ) throws {
    let plan = try EmbeddingPlan(options, model.configuration)
    let points = try selection.points(layerCount: model.configuration.layerCount)
    let resultRows = plan.pooling == Pooling.none ? ids.count : 1
    let tensors = points.map { point in
      SafetensorsLayout.Tensor(
        name: point.description,
        rowCount: point.name == .pooled || point.name == .vector ? resultRows : ids.count,
        columnCount: point.size(in: model.configuration, dimensions: plan.dimensions))
    }
    var metadata = TraceMetadata()
    let engine = EngineInformation.current
    metadata.engine = "touchstone \(engine.version)"
    metadata.precision = TracePrecision(options.activations)
    metadata.tokenIDs = ids
    metadata.pooling = plan.pooling.rawValue
    metadata.shape = TraceMetadata.Shape(model.configuration)
    metadata.others = others.merging([
      "arithmetic": "\(engine.arithmeticVersion)", "dimensions": "\(plan.dimensions)",
      "normalization": plan.normalization.rawValue, "norm_epsilon": "\(model.configuration.normEpsilon)",
    ]) { given, _ in given }
    if !model.configuration.isCausal { metadata.others[TraceMetadata.attentionKey] = "bidirectional" }
    switch model.configuration.ropeScaling {
    case .none: break
    case .linear(let factor): metadata.others[TraceMetadata.scalingKey] = "linear \(factor)"
    case .yarn(let yarn): metadata.others[TraceMetadata.scalingKey] = "yarn \(yarn.factor)"
    }
    self.model = model
    self.options = options
    self.ids = ids
    self.points = points
    layout = SafetensorsLayout(tensors, metadata: metadata.entries)
  }

  package var tensorCount: Int { points.count }

  /// Writes the whole file.
  ///
  /// - Parameter progress: called with each layer that is done.
  package func write(to output: some PositionedOutput, progress: (_ layer: Int) -> Void = { _ in }) throws {
    try output.write(layout.header, at: 0)
    var failure: (any Error)?
    // The observer cannot throw: what fails is kept, and ends the pass before its next layer.
    let result = try withoutActuallyEscaping(progress) { progress in
      do {
        return try model.observe(
          ids, options: options, shouldContinue: { failure == nil && !Task.isCancelled }
        ) {
          name, layer, rows, values in
          guard failure == nil else { return }
          do {
            try write(values, of: TracePoint(name, layer: layer), from: rows.lowerBound, to: output)
          } catch {
            failure = error
          }
          if name == .feedForwardResidual, let layer { progress(layer) }
        }
      } catch {
        throw failure ?? error
      }
    }
    if let failure { throw failure }
    try write(result.pooled, of: TracePoint(.pooled), from: 0, to: output)
    try write(result.vectors, of: TracePoint(.vector), from: 0, to: output)
  }

  private func write(
    _ rows: [[Float]], of point: TracePoint, from firstRow: Int, to output: some PositionedOutput
  ) throws {
    guard let offset = layout.offset(of: point.description, row: firstRow) else { return }
    try output.write(rows.flatMap(\.littleEndianBytes), at: offset)
  }
}
