// Principal axes: the flat map that keeps as much of the texts' spread as a flat map can.

/**
 * Points of the texts on their first two principal axes, [[x, y]], and the share of the variance on each, from the
 * cosines of vectors of length 1. The doubly centered matrix of cosines has the eigenvectors of the points themselves.
 */
export function principalAxes(cosines) {
  const centered = doublyCentered(cosines);
  const total = centered.reduce((sum, row, index) => sum + row[index], 0);
  const first = largestEigen(centered, []);
  const second = largestEigen(centered, [first]);
  const along = ({ value, vector }, index) => Math.sqrt(Math.max(0, value)) * vector[index];
  return {
    points: cosines.map((_, index) => [along(first, index), along(second, index)]),
    shares: [first, second].map(({ value }) => (total > 1e-12 ? Math.max(0, value) / total : 0)),
  };
}

function doublyCentered(matrix) {
  const count = matrix.length;
  const means = matrix.map((row) => row.reduce((sum, value) => sum + value, 0) / count);
  const mean = means.reduce((sum, value) => sum + value, 0) / count;
  return matrix.map((row, index) => Float64Array.from(row, (value, column) => value - means[index] - means[column] + mean));
}

/** The largest eigenvalue and its vector, at right angles to those `found`, by repeated multiplication. */
function largestEigen(matrix, found) {
  // Any start that is not special does; the same each time, so that the map is the same each time.
  let vector = unit(atRightAngles(Float64Array.from(matrix, (_, index) => Math.sin(1 + 2.3 * index)), found));
  let value = 0;
  for (let round = 0; round < 1000; round++) {
    const product = atRightAngles(matrix.map((row) => inner(row, vector)), found);
    value = inner(product, vector);
    const next = unit(product);
    const change = Math.hypot(...next.map((component, index) => component - vector[index]));
    vector = next;
    if (change < 1e-10) break;
  }
  return { value, vector };
}

function atRightAngles(vector, found) {
  let result = Float64Array.from(vector);
  for (const { vector: other } of found) {
    const along = inner(result, other);
    result = result.map((component, index) => component - along * other[index]);
  }
  return result;
}

function unit(vector) {
  const length = Math.hypot(...vector);
  return length < 1e-12 ? vector.map(() => 0) : vector.map((component) => component / length);
}

function inner(left, right) {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += left[index] * right[index];
  return sum;
}
