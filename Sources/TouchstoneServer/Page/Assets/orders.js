// The orders of a matrix: as given, by nearness, or alike together.

/** Indices from the largest value to the smallest; equal ones stay in their order. */
export function descending(values) {
  return [...values.keys()].sort((left, right) => values[right] - values[left] || left - right);
}

/**
 * Indices such that alike texts are neighbors: a tree of clusters by the mean cosine between them (average linkage),
 * built along chains of nearest neighbors in time that grows with the square of the texts, and read from left to right.
 */
export function clustered(values) {
  const near = values.map((row) => Float64Array.from(row));
  const members = values.map((_, index) => [index]);
  const active = new Set(values.keys());
  const chain = [];
  while (active.size > 1) {
    if (chain.length === 0) chain.push(active.values().next().value);
    const top = chain.at(-1);
    const before = chain.at(-2);
    // The one before wins a tie; otherwise a chain could go round in a circle.
    let best = before ?? -1;
    for (const other of active) {
      if (other !== top && (best < 0 || near[top][other] > near[top][best])) best = other;
    }
    if (best !== before) {
      chain.push(best);
      continue;
    }
    chain.length -= 2;
    merge(top, best);
  }
  return active.size === 0 ? [] : members[active.values().next().value];

  /** Both become `left`. */
  function merge(left, right) {
    const [leftSize, rightSize] = [members[left].length, members[right].length];
    for (const other of active) {
      const mean = (leftSize * near[left][other] + rightSize * near[right][other]) / (leftSize + rightSize);
      near[left][other] = near[other][left] = mean;
    }
    members[left] = joined(members[left], members[right], values);
    active.delete(right);
  }
}

/** Two rows end to end, turned so that the nearest of their ends meet. */
function joined(left, right, values) {
  const turns = [
    [left, right],
    [left, right.toReversed()],
    [left.toReversed(), right],
    [left.toReversed(), right.toReversed()],
  ];
  const atSeam = ([first, second]) => values[first.at(-1)][second[0]];
  return turns.reduce((best, turn) => (atSeam(turn) > atSeam(best) ? turn : best)).flat();
}
