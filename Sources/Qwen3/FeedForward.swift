import Kernels

/// SwiGLU: `down(silu(gate(x)) · up(x))`.
struct FeedForward {
  let weights: LayerWeights
  let compute: Compute

  /// The addend of the residual stream for the rows of `input`, [rows, hiddenSize], into `w.update`.
  ///
  /// - Parameter steps: they make `input`.
  func callAsFunction(_ input: Activations, after steps: [RowStep], _ w: Workspace, observe: Observer) {
    compute.multiply(input, by: [weights.gate, weights.up], into: [w.gate, w.up], after: steps)
    observe(.gate, w.gate)
    observe(.up, w.up)
    let activating = observe.after(compute.activating(w.gate, with: w.up), .activated, w.gate)
    compute.multiply(w.gate, by: [weights.down], into: [w.update], after: [activating])
    observe(.down, w.update)
  }
}
