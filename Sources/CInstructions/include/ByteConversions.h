// Bytes to floats, and a table look-up among bytes: the steps of unpacking a block of quantized weights.
//
// Swift's own `SIMD16<Float>(SIMD16<Int32>)` compiles to calls, one element at a time; these compile to the
// conversion instructions of the target that calls them.
#ifndef CINSTRUCTIONS_BYTE_CONVERSIONS_H
#define CINSTRUCTIONS_BYTE_CONVERSIONS_H

#include <stdint.h>

#if defined(__SSSE3__)
#include <tmmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

typedef uint8_t Byte16 __attribute__((ext_vector_type(16)));
typedef int8_t SignedByte16 __attribute__((ext_vector_type(16)));
typedef float Float16 __attribute__((ext_vector_type(16)));

typedef uint16_t UnsignedShort16 __attribute__((ext_vector_type(16)));

#if defined(__x86_64__) && !defined(__SSE4_1__)
// SSE2 cannot widen bytes to words in one step, and the compiler's way to extend their signs waits for the old
// values of registers. But a byte below the upper half of the float 2^23 makes the float 2^23 + byte, and one
// exact subtraction leaves any difference wanted.
#define MAGIC_FLOATS(bytes, offset)                                                                            \
  ((Float16)__builtin_shufflevector(                                                                           \
       __builtin_convertvector(bytes, UnsignedShort16), (UnsignedShort16)(0x4B00), 0, 16, 1, 17, 2, 18, 3, 19, \
       4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31) -             \
   (0x1p23f + (offset)))
#endif

static inline __attribute__((always_inline)) Float16 floatsFromByte16(Byte16 bytes) {
  return __builtin_convertvector(bytes, Float16);
}

// Unsigned bytes, less an offset that is a whole number below 256.
static inline __attribute__((always_inline)) Float16 floatsFromByte16Minus(Byte16 bytes, float offset) {
#if defined(MAGIC_FLOATS)
  return MAGIC_FLOATS(bytes, offset);
#else
  return __builtin_convertvector(bytes, Float16) - offset;
#endif
}

static inline __attribute__((always_inline)) Float16 floatsFromSignedByte16(SignedByte16 bytes) {
#if defined(MAGIC_FLOATS)
  return MAGIC_FLOATS((Byte16)bytes ^ (Byte16)(0x80), 128);
#else
  return __builtin_convertvector(bytes, Float16);
#endif
}

// `table[indices[i]]` in lane i; every index must be below 16.
static inline __attribute__((always_inline)) SignedByte16 lookupByte16(SignedByte16 table, Byte16 indices) {
#if defined(__SSSE3__)
  return (SignedByte16)_mm_shuffle_epi8((__m128i)table, (__m128i)indices);
#elif defined(__aarch64__)
  return (SignedByte16)vqtbl1q_s8((int8x16_t)table, (uint8x16_t)indices);
#else
  SignedByte16 result;
  for (int i = 0; i < 16; i++) result[i] = table[indices[i]];
  return result;
#endif
}

#endif
