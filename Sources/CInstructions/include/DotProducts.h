// Dot products of four bytes a lane: sum[i] += Σ_k unsigned[4 i + k] * signed[4 i + k], exact in 32 bits.
#ifndef CINSTRUCTIONS_DOT_PRODUCTS_H
#define CINSTRUCTIONS_DOT_PRODUCTS_H

#include "VectorTypes.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

// Anywhere: widen the even and the odd bytes to 16 bits, multiply and add pairs.
VECTOR_INLINE Word16 portableDotWord16(Word16 sum, Word16 unsignedBytes, Word16 signedBytes) {
  Short32 low = (Short32)((unsignedBytes & 0x00FF00FF));
  Short32 high = (Short32)((Word16)((Short32)unsignedBytes >> 8) & 0x00FF00FF);
  Short32 signedLow = (Short32)((Short32)signedBytes << 8) >> 8;
  Short32 signedHigh = (Short32)signedBytes >> 8;
  Word16 lowEven = ((Word16)low << 16) >> 16, lowOdd = (Word16)low >> 16;
  Word16 signedLowEven = ((Word16)signedLow << 16) >> 16, signedLowOdd = (Word16)signedLow >> 16;
  Word16 highEven = ((Word16)high << 16) >> 16, highOdd = (Word16)high >> 16;
  Word16 signedHighEven = ((Word16)signedHigh << 16) >> 16, signedHighOdd = (Word16)signedHigh >> 16;
  return sum + (lowEven * signedLowEven + lowOdd * signedLowOdd)
    + (highEven * signedHighEven + highOdd * signedHighOdd);
}

#if defined(__AVX2__)
// For unsigned bytes up to 127: no sum of two products leaves 16 bits (2 * 127 * 128 < 2^15).
VECTOR_INLINE Word8 narrowDotWord8(Word8 sum, Word8 unsignedBytes, Word8 signedBytes) {
  __m256i pairs = _mm256_maddubs_epi16((__m256i)unsignedBytes, (__m256i)signedBytes);
  return sum + (Word8)_mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

// For any unsigned byte: `vpmaddubsw` saturates, so even and odd bytes are widened to 16 bits first.
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
#endif

#if defined(__AVX512VNNI__)
VECTOR_INLINE Word16 vnniDotWord16(Word16 sum, Word16 unsignedBytes, Word16 signedBytes) {
  return (Word16)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)unsignedBytes, (__m512i)signedBytes);
}
#endif

#endif
