import Kernels

/// The named values on the way from token ids to a vector, in the order in which they are computed. Each is a
/// matrix with a row a token.
package enum Intermediate: String, CaseIterable, Sendable {
  /// The token's row of the embedding table. [hiddenSize]
  case embedding
  /// Input of the attention block. [hiddenSize]
  case attentionNorm = "attention_norm"
  /// Projections, before norm and rotation. [heads · headDimension]
  case query
  case key
  case value
  /// After the norm of each head.
  case queryNorm = "query_norm"
  case keyNorm = "key_norm"
  /// After rotary position.
  case queryRotated = "query_rotated"
  case keyRotated = "key_rotated"
  /// Weighted values of all heads. [headCount · headDimension]
  case attention
  /// After the output projection. [hiddenSize]
  case attentionOutput = "attention_output"
  /// The residual stream after the attention block. [hiddenSize]
  case attentionResidual = "attention_residual"
  /// Input of the feed-forward block. [hiddenSize]
  case feedForwardNorm = "feed_forward_norm"
  /// [feedForwardSize]
  case gate
  case up
  /// silu(gate) · up. [feedForwardSize]
  case activated
  /// [hiddenSize]
  case down
  /// The residual stream after the layer. [hiddenSize]
  case feedForwardResidual = "feed_forward_residual"
  /// After the norm that follows the last layer. [hiddenSize]
  case finalNorm = "final_norm"
}

/// Sees the intermediates of a forward pass. With an observer, every token goes through the whole of the last
/// layer.
///
/// - Parameters:
///   - layer: nil for what belongs to no layer.
///   - rows: the rows of the batch that `values` are for.
///   - values: a vector for each of these rows.
package typealias IntermediateObserver =
  @Sendable (_ name: Intermediate, _ layer: Int?, _ rows: Range<Int>, _ values: [[Float]]) -> Void

/// Hands the intermediates of one layer and chunk to an ``IntermediateObserver``, where there is one.
struct Observer {
  let observer: IntermediateObserver?
  let layer: Int?
  let rows: Range<Int>

  init(_ observer: IntermediateObserver?, layer: Int?, rows: Range<Int>) {
    self.observer = observer
    self.layer = layer
    self.rows = rows
  }

  /// `step`, and the observation of what it has made, where somebody observes.
  ///
  /// - Parameter rows: those of `values` that are the chunk's; nil: from the first on.
  func after(
    _ step: RowStep, _ name: Intermediate, _ values: Activations, rows: Range<Int>? = nil
  ) -> RowStep {
    guard observer != nil else { return step }
    return step.whenDone { if let rows { self(name, values, rows: rows) } else { self(name, values) } }
  }

  /// `values` has a row for each row of the chunk.
  func callAsFunction(_ name: Intermediate, _ values: Activations) {
    guard let observer else { return }
    observer(name, layer, rows, (0..<rows.count).map(values.row))
  }

  /// The rows `rows` of `values` are those of the chunk.
  func callAsFunction(_ name: Intermediate, _ values: Activations, rows: Range<Int>) {
    guard let observer else { return }
    observer(name, layer, self.rows, rows.map(values.row))
  }
}
