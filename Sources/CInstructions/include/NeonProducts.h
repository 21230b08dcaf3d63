// Arm: products of bytes and of 16-bit numbers, and what vectors of eight need beside them. `arm_neon.h` names the
// instructions.
#ifndef CINSTRUCTIONS_NEON_PRODUCTS_H
#define CINSTRUCTIONS_NEON_PRODUCTS_H

#include "VectorTypes.h"

VECTOR_INLINE Word4 loadWord4(const void *_Nonnull address) {
  Word4 words;
  __builtin_memcpy(&words, address, sizeof words);
  return words;
}

// Two lanes; the others are 0.
VECTOR_INLINE Word4 loadTwoWords(const void *_Nonnull address) {
  int32_t __attribute__((ext_vector_type(2))) words;
  __builtin_memcpy(&words, address, sizeof words);
  return __builtin_shufflevector(words, words, 0, 1, -1, -1);
}

VECTOR_INLINE void storeWord4(Word4 words, void *_Nonnull address) {
  __builtin_memcpy(address, &words, sizeof words);
}

// The first, and the last, four lanes of `a` and of `b` in turn.
VECTOR_INLINE Word8 interleavedLowWord8(Word8 a, Word8 b) {
  return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
VECTOR_INLINE Word8 interleavedHighWord8(Word8 a, Word8 b) {
  return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

// The first, and the second, two lanes of each four of `a`, then of `b`.
VECTOR_INLINE Word8 firstPairsWord8(Word8 a, Word8 b) {
  return __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13);
}
VECTOR_INLINE Word8 secondPairsWord8(Word8 a, Word8 b) {
  return __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15);
}
VECTOR_INLINE Word4 lowHalfWord8(Word8 a) { return a.lo; }

#if defined(__aarch64__)
#include <arm_neon.h>

#define BOTH_HALVES(low, high) __builtin_shufflevector((Word4)(low), (Word4)(high), 0, 1, 2, 3, 4, 5, 6, 7)

// Adds the products of two signed 16-bit numbers a lane with the two of `pair`: `smlal` for the even ones and for the
// odd ones.
VECTOR_INLINE Word8 dotOfSplatPairsWord8(Word8 sum, Word8 a, int32_t pair) {
  int16x8_t even = vuzp1q_s16((int16x8_t)a.lo, (int16x8_t)a.hi);
  int16x8_t odd = vuzp2q_s16((int16x8_t)a.lo, (int16x8_t)a.hi);
  int16x4_t factors = vreinterpret_s16_s32(vdup_n_s32(pair));
  int32x4_t low = vmlal_lane_s16((int32x4_t)sum.lo, vget_low_s16(even), factors, 0);
  int32x4_t high = vmlal_high_lane_s16((int32x4_t)sum.hi, even, factors, 0);
  low = vmlal_lane_s16(low, vget_low_s16(odd), factors, 1);
  high = vmlal_high_lane_s16(high, odd, factors, 1);
  return BOTH_HALVES(low, high);
}

// The same with two of each lane of `b`.
VECTOR_INLINE Word8 neonDotOfPairsWord8(Word8 sum, Word8 a, Word8 b) {
  return sum + ((a << 16) >> 16) * ((b << 16) >> 16) + (a >> 16) * (b >> 16);
}

// `table[index]` for each byte, by `tbl`; every index must be below 16.
VECTOR_INLINE Word8 neonLookupWord8(const int8_t *_Nonnull table, Word8 indices) {
  uint8x16_t levels = vld1q_u8((const uint8_t *)table);
  return BOTH_HALVES(vqtbl1q_u8(levels, (uint8x16_t)indices.lo), vqtbl1q_u8(levels, (uint8x16_t)indices.hi));
}

// `table[index]` for each lane: Arm gathers with SVE only.
VECTOR_INLINE Word8 neonGatherWord8(const int32_t *_Nonnull table, Word8 indices) {
  Word8 words;
  for (int i = 0; i < 8; i++) words[i] = table[indices[i]];
  return words;
}

// The half-precision number in the low 16 bits of each lane, by `fcvtl`.
VECTOR_INLINE Float8 neonFloatsFromHalvesWord8(Word8 words) {
  typedef _Float16 Half8 __attribute__((ext_vector_type(8)));
  typedef int16_t Short8 __attribute__((ext_vector_type(8)));
  return __builtin_convertvector((Half8)__builtin_convertvector(words, Short8), Float8);
}

// Declared for every target: these say by themselves which instructions they need.
#define DOTPROD_INLINE VECTOR_INLINE __attribute__((target("dotprod")))
#define I8MM_INLINE VECTOR_INLINE __attribute__((target("dotprod,i8mm")))

// `sdot`, by element: sum[i] += the four signed bytes of lane `lane` of `x` times those of a[i].
#define DEFINE_LANE_DOT(lane)                                                                               \
  DOTPROD_INLINE Word8 laneDot##lane##Word8(Word8 sum, Word4 x, Word8 a) {                                  \
    return BOTH_HALVES(vdotq_laneq_s32((int32x4_t)sum.lo, (int8x16_t)a.lo, (int8x16_t)x, lane),             \
                       vdotq_laneq_s32((int32x4_t)sum.hi, (int8x16_t)a.hi, (int8x16_t)x, lane));            \
  }
DEFINE_LANE_DOT(0)
DEFINE_LANE_DOT(1)
DEFINE_LANE_DOT(2)
DEFINE_LANE_DOT(3)
#undef DEFINE_LANE_DOT

// `udot`, where the other side is signed: u * s = u * (s + 128) - 128 * u.
DOTPROD_INLINE Word8 unsignedDotWord8(Word8 sum, Word8 unsignedBytes, Word8 signedBytes) {
  Word8 s = signedBytes ^ (int32_t)0x80808080;
  Word8 offset = (Word8)(int32_t)0x80808080;
  Word8 zero = (Word8)(0);
#define UDOT(sum, a, b)                                                                                     \
  BOTH_HALVES(vdotq_u32((uint32x4_t)sum.lo, (uint8x16_t)a.lo, (uint8x16_t)b.lo),                            \
              vdotq_u32((uint32x4_t)sum.hi, (uint8x16_t)a.hi, (uint8x16_t)b.hi))
  return UDOT(sum, unsignedBytes, s) - UDOT(zero, unsignedBytes, offset);
#undef UDOT
}

// `smmla`: for each four lanes of `sum`, a 2 x 2 matrix, the products of two rows of eight signed bytes of `x` with two
// of `a`.
I8MM_INLINE Word8 matrixDotWord8(Word8 sum, Word4 x, Word8 a) {
  return BOTH_HALVES(vmmlaq_s32((int32x4_t)sum.lo, (int8x16_t)x, (int8x16_t)a.lo),
                     vmmlaq_s32((int32x4_t)sum.hi, (int8x16_t)x, (int8x16_t)a.hi));
}

// `usdot`: the first side unsigned, the second signed.
I8MM_INLINE Word8 mixedDotWord8(Word8 sum, Word8 unsignedBytes, Word8 signedBytes) {
  return BOTH_HALVES(vusdotq_s32((int32x4_t)sum.lo, (uint8x16_t)unsignedBytes.lo, (int8x16_t)signedBytes.lo),
                     vusdotq_s32((int32x4_t)sum.hi, (uint8x16_t)unsignedBytes.hi, (int8x16_t)signedBytes.hi));
}

#undef BOTH_HALVES
#undef DOTPROD_INLINE
#undef I8MM_INLINE
#endif

#endif
