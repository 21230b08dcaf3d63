// Conversions between vector element types. Swift's own (`SIMD16<Float>(SIMD16<Int32>)`) compile to calls,
// one element at a time; these compile to the conversion instructions of whatever target includes them.
#ifndef VECTOR_CONVERSIONS_H
#define VECTOR_CONVERSIONS_H

#include <stdint.h>

#if defined(__SSSE3__)
#include <tmmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define TOUCHSTONE_INLINE static inline __attribute__((always_inline, nodebug))

typedef uint8_t touchstone_u8x16 __attribute__((ext_vector_type(16)));
typedef int8_t touchstone_s8x16 __attribute__((ext_vector_type(16)));
typedef uint16_t touchstone_u16x16 __attribute__((ext_vector_type(16)));
typedef uint32_t touchstone_u32x16 __attribute__((ext_vector_type(16)));
typedef float touchstone_f32x16 __attribute__((ext_vector_type(16)));

TOUCHSTONE_INLINE touchstone_f32x16 touchstone_floats_from_unsigned_bytes(touchstone_u8x16 bytes) {
  return __builtin_convertvector(bytes, touchstone_f32x16);
}

TOUCHSTONE_INLINE touchstone_f32x16 touchstone_floats_from_signed_bytes(touchstone_s8x16 bytes) {
  return __builtin_convertvector(bytes, touchstone_f32x16);
}

TOUCHSTONE_INLINE touchstone_u32x16 touchstone_words_from_halfwords(touchstone_u16x16 halfwords) {
  return __builtin_convertvector(halfwords, touchstone_u32x16);
}

/// `table[indices[i]]` in every lane; every index must be below 16.
TOUCHSTONE_INLINE touchstone_s8x16 touchstone_lookup_bytes(touchstone_s8x16 table, touchstone_u8x16 indices) {
#if defined(__SSSE3__)
  return (touchstone_s8x16)_mm_shuffle_epi8((__m128i)table, (__m128i)indices);
#elif defined(__aarch64__)
  return (touchstone_s8x16)vqtbl1q_s8((int8x16_t)table, (uint8x16_t)indices);
#else
  touchstone_s8x16 result;
  for (int i = 0; i < 16; i++) result[i] = table[indices[i]];
  return result;
#endif
}

#endif
