// Dot products of four bytes a lane: sum[i] += Σ_k unsigned[4 i + k] * signed[4 i + k], exact in 32 bits.
#ifndef CINSTRUCTIONS_DOT_PRODUCTS_H
#define CINSTRUCTIONS_DOT_PRODUCTS_H

#include "VectorTypes.h"

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__x86_64__)
#include <emmintrin.h>
#endif

// Anywhere: products of the even and of the odd bytes, as words.
VECTOR_INLINE Word16 portableDotWord16(Word16 sum, Word16 unsignedBytes, Word16 signedBytes) {
#if defined(__x86_64__)
  // SSE2 multiplies 16-bit numbers only, and adds the products in pairs.
  for (int part = 0; part < 4; part++) {
    __m128i u, s, total;
    __builtin_memcpy(&u, (const char *)&unsignedBytes + 16 * part, 16);
    __builtin_memcpy(&s, (const char *)&signedBytes + 16 * part, 16);
    __builtin_memcpy(&total, (const char *)&sum + 16 * part, 16);
    __m128i even = _mm_madd_epi16(
        _mm_and_si128(u, _mm_set1_epi16(0xFF)), _mm_srai_epi16(_mm_slli_epi16(s, 8), 8));
    __m128i odd = _mm_madd_epi16(_mm_srli_epi16(u, 8), _mm_srai_epi16(s, 8));
    total = _mm_add_epi32(total, _mm_add_epi32(even, odd));
    __builtin_memcpy((char *)&sum + 16 * part, &total, 16);
  }
  return sum;
#else
  for (int byte = 0; byte < 4; byte++) {
    Word16 u = (unsignedBytes >> (8 * byte)) & 0xFF;
    Word16 s = (signedBytes << (24 - 8 * byte)) >> 24;
    sum += u * s;
  }
  return sum;
#endif
}

// Dot products of two 16-bit numbers a lane: sum[i] += a[2 i] * b[2 i] + a[2 i + 1] * b[2 i + 1]. Anywhere.
VECTOR_INLINE Word16 portableDotOfPairsWord16(Word16 sum, Word16 a, Word16 b) {
#if defined(__x86_64__)
  for (int part = 0; part < 4; part++) {
    __m128i first, second, total;
    __builtin_memcpy(&first, (const char *)&a + 16 * part, 16);
    __builtin_memcpy(&second, (const char *)&b + 16 * part, 16);
    __builtin_memcpy(&total, (const char *)&sum + 16 * part, 16);
    total = _mm_add_epi32(total, _mm_madd_epi16(first, second));
    __builtin_memcpy((char *)&sum + 16 * part, &total, 16);
  }
  return sum;
#else
  return sum + ((a << 16) >> 16) * ((b << 16) >> 16) + (a >> 16) * (b >> 16);
#endif
}

#if defined(__AVX2__)
VECTOR_INLINE Word8 dotOfPairsWord8(Word8 sum, Word8 a, Word8 b) {
  return sum + (Word8)_mm256_madd_epi16((__m256i)a, (__m256i)b);
}

// For signed bytes from -32 to 32: four products of 255 and 32 fit 16 bits.
VECTOR_INLINE Word8 narrowDotWord8(
    Word8 sum, Word8 unsignedBytes0, Word8 signedBytes0, Word8 unsignedBytes1, Word8 signedBytes1) {
  __m256i pairs = _mm256_add_epi16(
      _mm256_maddubs_epi16((__m256i)unsignedBytes0, (__m256i)signedBytes0),
      _mm256_maddubs_epi16((__m256i)unsignedBytes1, (__m256i)signedBytes1));
  return sum + (Word8)_mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

// For signed bytes from -64 to 64: two products of 255 and 64 fit 16 bits.
VECTOR_INLINE Word8 mediumDotWord8(Word8 sum, Word8 unsignedBytes, Word8 signedBytes) {
  __m256i pairs = _mm256_maddubs_epi16((__m256i)unsignedBytes, (__m256i)signedBytes);
  return sum + (Word8)_mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

// For signed bytes from -15 to 15: eight products of 255 and 15 fit 16 bits.
VECTOR_INLINE Word8 nibbleDotWord8(
    Word8 sum, Word8 unsignedBytes0, Word8 signedBytes0, Word8 unsignedBytes1, Word8 signedBytes1,
    Word8 unsignedBytes2, Word8 signedBytes2, Word8 unsignedBytes3, Word8 signedBytes3) {
  __m256i first = _mm256_add_epi16(
      _mm256_maddubs_epi16((__m256i)unsignedBytes0, (__m256i)signedBytes0),
      _mm256_maddubs_epi16((__m256i)unsignedBytes1, (__m256i)signedBytes1));
  __m256i second = _mm256_add_epi16(
      _mm256_maddubs_epi16((__m256i)unsignedBytes2, (__m256i)signedBytes2),
      _mm256_maddubs_epi16((__m256i)unsignedBytes3, (__m256i)signedBytes3));
  return sum + (Word8)_mm256_madd_epi16(_mm256_add_epi16(first, second), _mm256_set1_epi16(1));
}

// For all bytes: `vpmaddubsw` would saturate, so even and odd bytes are widened to 16 bits first.
VECTOR_INLINE Word8 wideDotWord8(Word8 sum, Word8 unsignedBytes, Word8 signedBytes) {
  __m256i u = (__m256i)unsignedBytes, s = (__m256i)signedBytes;
  __m256i even = _mm256_madd_epi16(
      _mm256_and_si256(u, _mm256_set1_epi16(0xFF)), _mm256_srai_epi16(_mm256_slli_epi16(s, 8), 8));
  __m256i odd = _mm256_madd_epi16(_mm256_srli_epi16(u, 8), _mm256_srai_epi16(s, 8));
  return sum + ((Word8)even + (Word8)odd);
}
#endif

#if defined(__AVXVNNI__)
VECTOR_INLINE Word8 vnniDotWord8(Word8 sum, Word8 unsignedBytes, Word8 signedBytes) {
  return (Word8)_mm256_dpbusd_avx_epi32((__m256i)sum, (__m256i)unsignedBytes, (__m256i)signedBytes);
}
VECTOR_INLINE Word8 vnniDotOfPairsWord8(Word8 sum, Word8 a, Word8 b) {
  return (Word8)_mm256_dpwssd_avx_epi32((__m256i)sum, (__m256i)a, (__m256i)b);
}
#endif

#if defined(__AVX512VNNI__)
VECTOR_INLINE Word16 vnniDotWord16(Word16 sum, Word16 unsignedBytes, Word16 signedBytes) {
  return (Word16)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)unsignedBytes, (__m512i)signedBytes);
}
VECTOR_INLINE Word16 vnniDotOfPairsWord16(Word16 sum, Word16 a, Word16 b) {
  return (Word16)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)a, (__m512i)b);
}
#endif

#endif
