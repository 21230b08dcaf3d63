// Vectors of words as vectors of bytes and of halves.
#ifndef CINSTRUCTIONS_VECTOR_BYTES_H
#define CINSTRUCTIONS_VECTOR_BYTES_H

#include "VectorTypes.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

typedef uint8_t Byte8 __attribute__((ext_vector_type(8)));
typedef int16_t Short8 __attribute__((ext_vector_type(8)));

// Byte by byte.
VECTOR_INLINE Word8 subtractBytesWord8(Word8 a, Word8 b) { return (Word8)((Byte32)a - (Byte32)b); }
VECTOR_INLINE Word16 subtractBytesWord16(Word16 a, Word16 b) { return (Word16)((Byte64)a - (Byte64)b); }

// The low byte of each lane.
VECTOR_INLINE void storeLowBytesWord8(Word8 words, void *_Nonnull address) {
  Byte8 bytes = __builtin_convertvector(words, Byte8);
  __builtin_memcpy(address, &bytes, sizeof bytes);
}
VECTOR_INLINE void storeLowBytesWord16(Word16 words, void *_Nonnull address) {
  Byte16 bytes = __builtin_convertvector(words, Byte16);
  __builtin_memcpy(address, &bytes, sizeof bytes);
}

// The low half of each lane.
VECTOR_INLINE void storeLowHalvesWord8(Word8 words, void *_Nonnull address) {
  Short8 halves = __builtin_convertvector(words, Short8);
  __builtin_memcpy(address, &halves, sizeof halves);
}
VECTOR_INLINE void storeLowHalvesWord16(Word16 words, void *_Nonnull address) {
  Short16 halves = __builtin_convertvector(words, Short16);
  __builtin_memcpy(address, &halves, sizeof halves);
}

// `table[index]` for each byte; every index must be below 16.
#if defined(__AVX2__)
VECTOR_INLINE Word8 lookupWord8(const int8_t *_Nonnull table, Word8 indices) {
  __m256i levels = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
  return (Word8)_mm256_shuffle_epi8(levels, (__m256i)indices);
}
#endif

VECTOR_INLINE Word16 lookupWord16(const int8_t *_Nonnull table, Word16 indices) {
#if defined(__AVX512BW__)
  __m512i levels = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)table));
  return (Word16)_mm512_shuffle_epi8(levels, (__m512i)indices);
#else
  Byte64 bytes = (Byte64)indices;
  for (int i = 0; i < 64; i++) bytes[i] = (uint8_t)table[bytes[i]];
  return (Word16)bytes;
#endif
}

// `table[index]` for each lane.
#if defined(__AVX2__)
VECTOR_INLINE Word8 gatherWord8(const int32_t *_Nonnull table, Word8 indices) {
  return (Word8)_mm256_i32gather_epi32(table, (__m256i)indices, 4);
}
#endif

VECTOR_INLINE Word16 gatherWord16(const int32_t *_Nonnull table, Word16 indices) {
#if defined(__AVX512F__)
  return (Word16)_mm512_i32gather_epi32((__m512i)indices, table, 4);
#else
  Word16 words;
  for (int i = 0; i < 16; i++) words[i] = table[indices[i]];
  return words;
#endif
}

// The half-precision number in the low 16 bits of each lane; exact. Infinities and NaNs stay what they are.
#if defined(__F16C__)
VECTOR_INLINE Float8 floatsFromHalvesWord8(Word8 words) {
  return (Float8)_mm256_cvtph_ps((__m128i)__builtin_convertvector(words, Short8));
}
#endif

VECTOR_INLINE Float16 floatsFromHalvesWord16(Word16 words) {
#if defined(__AVX512F__)
  return (Float16)_mm512_cvtph_ps((__m256i)__builtin_convertvector(words, Short16));
#else
  Word16 magnitude = (words & 0x7FFF) << 13;
  Word16 nonFinite = (magnitude >= 0x0F800000) & 0x7F800000;
  Word16 scaled = (Word16)((Float16)magnitude * 0x1p112f);
  return (Float16)(scaled | nonFinite | ((words & 0x8000) << 16));
#endif
}

#endif
