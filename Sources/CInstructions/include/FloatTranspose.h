// A square of floats, transposed in registers.
#ifndef CINSTRUCTIONS_FLOAT_TRANSPOSE_H
#define CINSTRUCTIONS_FLOAT_TRANSPOSE_H

#include <stddef.h>

#include "VectorTypes.h"

// target[column * targetStride + row] = source[row * sourceStride + column] for 8 rows and 8 columns.
// Pairs of floats, then pairs of pairs, then halves change places: 24 shuffles for 64 floats.
VECTOR_INLINE void transposeFloat8x8(const float *_Nonnull source, ptrdiff_t sourceStride, float *_Nonnull target,
                                     ptrdiff_t targetStride) {
  Float8 rows[8], pairs[8], quads[8];
#pragma clang loop unroll(full)
  for (int row = 0; row < 8; row++) __builtin_memcpy(&rows[row], source + row * sourceStride, sizeof rows[row]);
#pragma clang loop unroll(full)
  for (int row = 0; row < 8; row += 2) {
    pairs[row] = __builtin_shufflevector(rows[row], rows[row + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[row + 1] = __builtin_shufflevector(rows[row], rows[row + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < 8; row += 4) {
    for (int half = 0; half < 2; half++) {
      Float8 a = pairs[row + half], b = pairs[row + half + 2];
      quads[row + 2 * half] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
      quads[row + 2 * half + 1] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
#pragma clang loop unroll(full)
  for (int column = 0; column < 4; column++) {
    Float8 a = quads[column], b = quads[column + 4];
    Float8 low = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
    Float8 high = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
    __builtin_memcpy(target + column * targetStride, &low, sizeof low);
    __builtin_memcpy(target + (column + 4) * targetStride, &high, sizeof high);
  }
}

#endif
