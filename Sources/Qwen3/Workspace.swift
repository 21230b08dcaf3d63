import Kernels

/// The memory of one forward pass, kept from batch to batch. Rows are tokens: of the whole batch for `hidden`
/// and `keysAndValues`, of one chunk of it for everything else.
final class Workspace {
  /// [batch, hiddenSize]: the residual stream
  let hidden: Activations
  /// The keys and values of the layer at work, for the whole batch
  let keysAndValues: KeyValueStore
  /// [chunk, hiddenSize]: after a norm
  let normed: Activations
  /// [chunk, headCount · headDimension]
  let query: Activations
  /// [chunk, keyValueHeadCount · headDimension]
  let key: Activations
  /// [chunk, keyValueHeadCount · headDimension]
  let value: Activations
  /// [chunk, headCount · headDimension]: the weighted values of all heads
  let attended: Activations
  /// [chunk, feedForwardSize]
  let gate: Activations
  /// [chunk, feedForwardSize]
  let up: Activations
  /// [chunk, hiddenSize]: the addend that a block gives the residual stream
  let update: Activations
  let rotary: RotaryTable

  init(_ configuration: ModelConfiguration) {
    let c = configuration
    hidden = Activations(columnCount: c.hiddenSize)
    keysAndValues = KeyValueStore(headCount: c.keyValueHeadCount, headDimension: c.headDimension)
    normed = Activations(columnCount: c.hiddenSize)
    query = Activations(columnCount: c.querySize)
    key = Activations(columnCount: c.keyValueSize)
    value = Activations(columnCount: c.keyValueSize)
    attended = Activations(columnCount: c.querySize)
    gate = Activations(columnCount: c.feedForwardSize)
    up = Activations(columnCount: c.feedForwardSize)
    update = Activations(columnCount: c.hiddenSize)
    rotary = RotaryTable(headDimension: c.headDimension, theta: c.ropeTheta, scaling: c.ropeScaling)
  }
}
