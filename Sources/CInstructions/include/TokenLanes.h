// Eight tokens as the lanes of a vector: the steps of quantizing activations.
#ifndef CINSTRUCTIONS_TOKEN_LANES_H
#define CINSTRUCTIONS_TOKEN_LANES_H

#include "VectorTypes.h"

#include <stdbool.h>

// The largest element of each of eight rows of eight: pairs of rows, then pairs of pairs, then halves.
#define LARGER_OF_PAIRS(a, b)                                                                         \
  __builtin_elementwise_max(__builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13),                  \
                            __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15))
#define LARGER_OF_QUADS(a, b)                                                                         \
  __builtin_elementwise_max(__builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13),                  \
                            __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15))
#define RETURN_LARGEST_OF_ROWS(row)                                                                   \
  Word8 p01 = LARGER_OF_PAIRS(row(0), row(1)), p23 = LARGER_OF_PAIRS(row(2), row(3));                 \
  Word8 p45 = LARGER_OF_PAIRS(row(4), row(5)), p67 = LARGER_OF_PAIRS(row(6), row(7));                 \
  Word8 q03 = LARGER_OF_QUADS(p01, p23), q47 = LARGER_OF_QUADS(p45, p67);                             \
  return __builtin_elementwise_max(__builtin_shufflevector(q03, q47, 0, 1, 2, 3, 8, 9, 10, 11),       \
                                   __builtin_shufflevector(q03, q47, 4, 5, 6, 7, 12, 13, 14, 15))

// The largest element of each of eight rows in memory, one after another, of 8 elements …
VECTOR_INLINE Word8 largestOfRowsWord8(const void *_Nonnull rows) {
  Word8 r[8];
  __builtin_memcpy(r, rows, sizeof r);
#define ROW(i) r[i]
  RETURN_LARGEST_OF_ROWS(ROW);
#undef ROW
}

// … and of 16.
VECTOR_INLINE Word8 largestOfRowsWord16(const void *_Nonnull rows) {
  Word8 r[16];
  __builtin_memcpy(r, rows, sizeof r);
#define ROW(i) __builtin_elementwise_max(r[2 * (i)], r[2 * (i) + 1])
  RETURN_LARGEST_OF_ROWS(ROW);
#undef ROW
}

#undef LARGER_OF_PAIRS
#undef LARGER_OF_QUADS
#undef RETURN_LARGEST_OF_ROWS

// -1 in the lanes where `a` is neither below `limit` nor infinite nor a NaN, 0 in the others.
VECTOR_INLINE Word8 isFiniteFromFloat8(Float8 a, float limit) { return (a >= limit) & (a < __builtin_inff()); }

// The lanes of `a` where `mask` is -1, those of `b` where it is 0.
VECTOR_INLINE Word8 selectWord8(Word8 mask, Word8 a, Word8 b) { return (a & mask) | (b & ~mask); }

// -1 in the lanes where `a` is below `b`, or not below it, as signed integers; 0 in the others.
VECTOR_INLINE Word8 isBelowWord8(Word8 a, Word8 b) { return a < b; }
VECTOR_INLINE Word8 isAtLeastWord8(Word8 a, Word8 b) { return a >= b; }
VECTOR_INLINE Word8 minimumWord8(Word8 a, Word8 b) { return __builtin_elementwise_min(a, b); }

// Whether any lane is not 0.
VECTOR_INLINE bool anyLaneWord8(Word8 a) { return __builtin_reduce_or(a) != 0; }

// Adds to each half of each lane two of the lane's four bytes.
VECTOR_INLINE Word8 addBytePairsWord8(Word8 sums, Word8 bytes) {
  return sums + (bytes & 0x00FF00FF) + ((bytes >> 8) & 0x00FF00FF);
}

// 256 · high + low of the first and third bytes of each lane, as two signed halves; both bytes are plus 128.
VECTOR_INLINE Word8 evenHalvesOfBytesWord8(Word8 high, Word8 low) {
  Word8 halves = ((high & 0x00FF00FF) << 8) | (low & 0x00FF00FF);
  return (Word8)((Short16)halves - (int16_t)0x8080);
}

// The same of the second and fourth bytes.
VECTOR_INLINE Word8 oddHalvesOfBytesWord8(Word8 high, Word8 low) {
  Word8 halves = (high & (int32_t)0xFF00FF00) | ((low >> 8) & 0x00FF00FF);
  return (Word8)((Short16)halves - (int16_t)0x8080);
}

// The first and third bytes of each lane, signed, as two signed halves; the second and fourth.
VECTOR_INLINE Word8 evenBytesAsHalvesWord8(Word8 bytes) { return (Word8)(((Short16)bytes << 8) >> 8); }
VECTOR_INLINE Word8 oddBytesAsHalvesWord8(Word8 bytes) { return (Word8)((Short16)bytes >> 8); }
VECTOR_INLINE Word16 evenBytesAsHalvesWord16(Word16 bytes) { return (Word16)(((Short32)bytes << 8) >> 8); }
VECTOR_INLINE Word16 oddBytesAsHalvesWord16(Word16 bytes) { return (Word16)((Short32)bytes >> 8); }

// The sum of the two halves of each lane, both below 2^15.
VECTOR_INLINE Word8 addHalvesWord8(Word8 sums) { return (sums & 0xFFFF) + (sums >> 16); }

// The first six lanes.
VECTOR_INLINE void storeSixFloats(Float8 floats, void *_Nonnull target) { __builtin_memcpy(target, &floats, 24); }
VECTOR_INLINE void storeSixWords(Word8 words, void *_Nonnull target) { __builtin_memcpy(target, &words, 24); }

#endif
