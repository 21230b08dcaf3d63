"""What training does to Qwen3 models and random weights do not have: massive activations.

A few feed-forward neurons reach thousands for some tokens; they write into a few columns of the residual stream, which
carry hundreds from there on, and norms with small weights take these out again before anything is multiplied.
"""

import numpy as np

NEURONS = 6
COLUMNS = 2
#: Rows of these neurons in gate and up, their columns in down, and down's weights from them into the columns.
GAIN = 14.0
LOSS = 0.01
WRITING = 0.25
NORM = 0.02


class MassiveActivations:
    """Changes the weights of a model while they are made: the same columns in all layers, other neurons in each."""

    def __init__(self, hidden: int, feed_forward: int, generator: np.random.Generator) -> None:
        self.columns = generator.choice(hidden, COLUMNS, replace=False)
        self.feed_forward = feed_forward
        self.generator = generator
        self.neurons = np.empty(0, np.int64)

    def matrix(self, name: str, weights: np.ndarray) -> np.ndarray:
        if name.endswith("ffn_gate.weight"):
            self.neurons = self.generator.choice(self.feed_forward, NEURONS, replace=False)
        if name.endswith(("ffn_gate.weight", "ffn_up.weight")):
            weights[self.neurons] *= GAIN
        if name.endswith("ffn_down.weight"):
            weights[:, self.neurons] *= LOSS
            weights[np.ix_(self.columns, self.neurons)] = WRITING
        return weights

    def norm(self, name: str, weights: np.ndarray) -> np.ndarray:
        if name.endswith(("attn_norm.weight", "ffn_norm.weight", "output_norm.weight")):
            weights[self.columns] = NORM
        return weights
