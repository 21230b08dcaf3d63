import Kernels

/// SwiGLU: `down(silu(gate(x)) · up(x))`.
struct FeedForward {
  let weights: LayerWeights
  let compute: Compute

  /// The addend of the residual stream for the rows of `input`, [rows, hiddenSize], into `w.update`.
  func callAsFunction(_ input: Activations, _ w: Workspace, observe: Observer) {
    compute.multiply(input, by: [weights.gate, weights.up], into: [w.gate, w.up])
    observe(.gate, w.gate)
    observe(.up, w.up)
    compute.activate(w.gate, with: w.up)
    observe(.activated, w.gate)
    compute.multiply(w.gate, by: [weights.down], into: [w.update])
    observe(.down, w.update)
  }
}
