#include "CRowProducts.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// 4,096 products in 8 or more lanes stay below 2^31 in each: 512 * 127 * 16,383.
enum { BLOCK = 4096 };

static int64_t rest(const int16_t *query, const int8_t *row, size_t count) {
  int64_t total = 0;
  for (size_t index = 0; index < count; index++) total += (int64_t)query[index] * row[index];
  return total;
}

#if defined(__x86_64__)
static int64_t portable(const int16_t *query, const int8_t *row, size_t count) {
  int64_t total = 0;
  while (count >= 16) {
    // 4 lanes: half of the block's products in each.
    size_t block = count < BLOCK / 2 ? count & ~(size_t)15 : BLOCK / 2;
    __m128i sum = _mm_setzero_si128();
    for (size_t index = 0; index < block; index += 16) {
      __m128i bytes = _mm_loadu_si128((const __m128i *)(row + index));
      __m128i low = _mm_srai_epi16(_mm_unpacklo_epi8(bytes, bytes), 8);
      __m128i high = _mm_srai_epi16(_mm_unpackhi_epi8(bytes, bytes), 8);
      sum = _mm_add_epi32(sum, _mm_madd_epi16(low, _mm_loadu_si128((const __m128i *)(query + index))));
      sum = _mm_add_epi32(sum, _mm_madd_epi16(high, _mm_loadu_si128((const __m128i *)(query + index + 8))));
    }
    int32_t lanes[4];
    _mm_storeu_si128((__m128i *)lanes, sum);
    total += (int64_t)lanes[0] + lanes[1] + lanes[2] + lanes[3];
    query += block, row += block, count -= block;
  }
  return total + rest(query, row, count);
}

__attribute__((target("avx2"))) static int64_t avx2(const int16_t *query, const int8_t *row, size_t count) {
  int64_t total = 0;
  while (count >= 32) {
    size_t block = count < BLOCK ? count & ~(size_t)31 : BLOCK;
    __m256i first = _mm256_setzero_si256(), second = _mm256_setzero_si256();
    for (size_t index = 0; index < block; index += 32) {
      __m256i low = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(row + index)));
      __m256i high = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(row + index + 16)));
      first = _mm256_add_epi32(
          first, _mm256_madd_epi16(low, _mm256_loadu_si256((const __m256i *)(query + index))));
      second = _mm256_add_epi32(
          second, _mm256_madd_epi16(high, _mm256_loadu_si256((const __m256i *)(query + index + 16))));
    }
    int32_t lanes[16];
    _mm256_storeu_si256((__m256i *)lanes, first);
    _mm256_storeu_si256((__m256i *)(lanes + 8), second);
    for (int lane = 0; lane < 16; lane++) total += lanes[lane];
    query += block, row += block, count -= block;
  }
  return total + rest(query, row, count);
}

__attribute__((target("avx512f,avx512bw"))) static int64_t avx512(
    const int16_t *query, const int8_t *row, size_t count) {
  int64_t total = 0;
  while (count >= 64) {
    size_t block = count < BLOCK ? count & ~(size_t)63 : BLOCK;
    __m512i first = _mm512_setzero_si512(), second = _mm512_setzero_si512();
    for (size_t index = 0; index < block; index += 64) {
      __m512i low = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(row + index)));
      __m512i high = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(row + index + 32)));
      first = _mm512_add_epi32(first, _mm512_madd_epi16(low, _mm512_loadu_si512(query + index)));
      second = _mm512_add_epi32(second, _mm512_madd_epi16(high, _mm512_loadu_si512(query + index + 32)));
    }
    int32_t lanes[32];
    _mm512_storeu_si512(lanes, first);
    _mm512_storeu_si512(lanes + 16, second);
    for (int lane = 0; lane < 32; lane++) total += lanes[lane];
    query += block, row += block, count -= block;
  }
  return total + rest(query, row, count);
}
#endif

RowProduct rowProduct(int form) {
#if defined(__x86_64__)
  switch (form) {
  case ROW_PRODUCT_PORTABLE: return portable;
  case ROW_PRODUCT_AVX2: return __builtin_cpu_supports("avx2") ? avx2 : 0;
  case ROW_PRODUCT_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") ? avx512 : 0;
  default: return 0;
  }
#else
  return form == ROW_PRODUCT_PORTABLE ? rest : 0;
#endif
}
