// From rows in memory to lanes: a lane is a row.
#ifndef CINSTRUCTIONS_VECTOR_TRANSPOSE_H
#define CINSTRUCTIONS_VECTOR_TRANSPOSE_H

#include "VectorTypes.h"

typedef int32_t Word4 __attribute__((ext_vector_type(4)));

#define LOAD_ROW(name, index) \
  Word4 name;                 \
  __builtin_memcpy(&name, (const char *)address + (index) * rowStride, sizeof name)

// The 128-bit parts of `vector` are rows i, i + 4, …: one of the four vectors that are then transposed part by part.
#define LOAD_ROWS8(vector, i)                                                             \
  Word8 vector;                                                                           \
  do {                                                                                    \
    LOAD_ROW(a, i);                                                                       \
    LOAD_ROW(b, i + 4);                                                                   \
    vector = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7);                       \
  } while (0)

#define LOAD_ROWS16(vector, i)                                                            \
  Word16 vector;                                                                          \
  do {                                                                                    \
    LOAD_ROW(a, i);                                                                       \
    LOAD_ROW(b, i + 4);                                                                   \
    LOAD_ROW(c, i + 8);                                                                   \
    LOAD_ROW(d, i + 12);                                                                  \
    Word8 low = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7);                    \
    Word8 high = __builtin_shufflevector(c, d, 0, 1, 2, 3, 4, 5, 6, 7);                   \
    vector = __builtin_shufflevector(                                                     \
        low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);                 \
  } while (0)

// Reads sixteen bytes from each of 8 rows; lane r is the k-th four bytes of row r.
//
// Swift cannot take four vectors from one function. Called with the constants 0 to 3, one after another, the common
// steps of the four calls are computed once.
VECTOR_INLINE Word8 transposeWord8(const void *_Nonnull address, intptr_t rowStride, int k) {
  LOAD_ROWS8(r0, 0);
  LOAD_ROWS8(r1, 1);
  LOAD_ROWS8(r2, 2);
  LOAD_ROWS8(r3, 3);
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH(a, b) __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define LOW_PAIRS(a, b) __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH_PAIRS(a, b) __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
  Word8 low01 = LOW(r0, r1), high01 = HIGH(r0, r1), low23 = LOW(r2, r3), high23 = HIGH(r2, r3);
  return k == 0 ? LOW_PAIRS(low01, low23)
    : k == 1    ? HIGH_PAIRS(low01, low23)
    : k == 2    ? LOW_PAIRS(high01, high23)
                : HIGH_PAIRS(high01, high23);
#undef LOW
#undef HIGH
#undef LOW_PAIRS
#undef HIGH_PAIRS
}

// The same of 16 rows.
VECTOR_INLINE Word16 transposeWord16(const void *_Nonnull address, intptr_t rowStride, int k) {
  LOAD_ROWS16(r0, 0);
  LOAD_ROWS16(r1, 1);
  LOAD_ROWS16(r2, 2);
  LOAD_ROWS16(r3, 3);
#define LOW(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define HIGH(a, b) \
  __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define LOW_PAIRS(a, b) \
  __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define HIGH_PAIRS(a, b) \
  __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
  Word16 low01 = LOW(r0, r1), high01 = HIGH(r0, r1), low23 = LOW(r2, r3), high23 = HIGH(r2, r3);
  return k == 0 ? LOW_PAIRS(low01, low23)
    : k == 1    ? HIGH_PAIRS(low01, low23)
    : k == 2    ? LOW_PAIRS(high01, high23)
                : HIGH_PAIRS(high01, high23);
#undef LOW
#undef HIGH
#undef LOW_PAIRS
#undef HIGH_PAIRS
}

#undef LOAD_ROWS8
#undef LOAD_ROWS16
#undef LOAD_ROW

#endif
