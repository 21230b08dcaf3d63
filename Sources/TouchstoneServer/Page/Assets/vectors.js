// Arithmetic on vectors.

/** The components of a base64 string of little-endian 32-bit floats. */
export function decoded(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true));
}

/** The first `dimensions` components, divided by their length: what the model was trained to give (Matryoshka). */
export function shortened(vector, dimensions) {
  const kept = Float64Array.from(vector.subarray(0, dimensions));
  const length = Math.hypot(...kept);
  return length === 0 ? kept : kept.map((component) => component / length);
}

/** Of vectors of length 1, the cosine. */
export function dot(left, right) {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += left[index] * right[index];
  return sum;
}

/** The cosine of each vector with each. */
export function similarities(vectors, dimensions) {
  const short = vectors.map((vector) => shortened(vector, dimensions));
  const rows = short.map(() => new Float64Array(short.length));
  for (let row = 0; row < short.length; row++) {
    for (let column = 0; column <= row; column++) {
      rows[row][column] = rows[column][row] = dot(short[row], short[column]);
    }
  }
  return rows;
}

/** The column of the largest value that is not `self`; -1 where there is no other. */
export function nearestOther(row, self) {
  let nearest = -1;
  row.forEach((value, column) => {
    if (column !== self && (nearest < 0 || value > row[nearest])) nearest = column;
  });
  return nearest;
}
