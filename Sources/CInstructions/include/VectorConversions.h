// Conversions between integer and float lanes, rounding to nearest, ties to even.
#ifndef CINSTRUCTIONS_VECTOR_CONVERSIONS_H
#define CINSTRUCTIONS_VECTOR_CONVERSIONS_H

#include "VectorTypes.h"

#if defined(__AVX__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

VECTOR_INLINE Float8 floatsFromWord8(Word8 words) { return __builtin_convertvector(words, Float8); }
VECTOR_INLINE Float16 floatsFromWord16(Word16 words) { return __builtin_convertvector(words, Float16); }

// Adding and subtracting 1.5 * 2^23 rounds a float of magnitude up to 2^22 to an integer, ties to even, in
// any instruction set; the hardware conversions do the same in one step.

VECTOR_INLINE Word8 roundedWord8(Float8 floats) {
#if defined(__AVX__)
  return (Word8)_mm256_cvtps_epi32((__m256)floats);
#elif defined(__aarch64__)
  return __builtin_shufflevector((Word4)vcvtnq_s32_f32((float32x4_t)floats.lo), (Word4)vcvtnq_s32_f32((float32x4_t)floats.hi),
                                 0, 1, 2, 3, 4, 5, 6, 7);
#else
  Float8 magic = (Float8)(12582912.0f);
  return __builtin_convertvector((floats + magic) - magic, Word8);
#endif
}

VECTOR_INLINE Word16 roundedWord16(Float16 floats) {
#if defined(__AVX512F__)
  return (Word16)_mm512_cvtps_epi32((__m512)floats);
#else
  Float16 magic = (Float16)(12582912.0f);
  return __builtin_convertvector((floats + magic) - magic, Word16);
#endif
}

#endif
