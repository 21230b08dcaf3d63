// SHA-256 with the processor's instructions for it: the compression function (FIPS 180-4, 6.2.2) over whole blocks.
//
// A function of its own and not one an instruction: it is compiled for these instructions alone, whatever the target
// that includes it is compiled for, and may be called only where `cpuHasSHA()`.
#ifndef CINSTRUCTIONS_SHA256_BLOCKS_H
#define CINSTRUCTIONS_SHA256_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

static inline bool cpuHasSHA(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & bit_SHA)) { return false; }
  return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_1) && (c & bit_SSSE3);
}

// `state`: the eight words a to h. `constants`: the 64 round constants. `bytes`: `count` blocks of 64 bytes.
//
// The instructions keep the words as (a, b, e, f) and (c, d, g, h), highest lane first, and do two rounds at a time.
__attribute__((target("sha,sse4.1,ssse3"))) static inline void sha256Blocks(
  uint32_t *state, const uint32_t *constants, const uint8_t *bytes, size_t count
) {
  const __m128i bigEndian = _mm_set_epi64x(0x0c0d0e0f08090a0bULL, 0x0405060700010203ULL);
  const __m128i dcba = _mm_loadu_si128((const __m128i *)state);
  const __m128i hgfe = _mm_loadu_si128((const __m128i *)(state + 4));
  const __m128i badc = _mm_shuffle_epi32(dcba, 0xB1);
  const __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1B);
  __m128i abef = _mm_alignr_epi8(badc, efgh, 8);
  __m128i cdgh = _mm_blend_epi16(efgh, badc, 0xF0);
  for (; count > 0; count--, bytes += 64) {
    const __m128i abefBefore = abef, cdghBefore = cdgh;
    __m128i words[4];
#pragma clang loop unroll(full)
    for (int group = 0; group < 16; group++) {
      __m128i word;
      if (group < 4) {
        word = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(bytes + 16 * group)), bigEndian);
      } else {
        const __m128i back15 = _mm_sha256msg1_epu32(words[group & 3], words[(group + 1) & 3]);
        const __m128i back7 = _mm_alignr_epi8(words[(group + 3) & 3], words[(group + 2) & 3], 4);
        word = _mm_sha256msg2_epu32(_mm_add_epi32(back15, back7), words[(group + 3) & 3]);
      }
      words[group & 3] = word;
      const __m128i sum = _mm_add_epi32(word, _mm_loadu_si128((const __m128i *)(constants + 4 * group)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
    }
    abef = _mm_add_epi32(abef, abefBefore);
    cdgh = _mm_add_epi32(cdgh, cdghBefore);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}
#else
static inline bool cpuHasSHA(void) { return false; }
static inline void sha256Blocks(
  uint32_t *state, const uint32_t *constants, const uint8_t *bytes, size_t count
) {
  (void)state, (void)constants, (void)bytes, (void)count;
}
#endif

#endif
