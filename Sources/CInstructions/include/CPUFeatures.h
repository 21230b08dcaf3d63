// What the processor can do, and what the operating system lets it do.
#ifndef CINSTRUCTIONS_CPU_FEATURES_H
#define CINSTRUCTIONS_CPU_FEATURES_H

#include <stdbool.h>

#if defined(__x86_64__)
// `__builtin_cpu_supports` also checks that the operating system saves the registers (XGETBV), so a kernel
// without AVX-512 state reports no AVX-512.
static inline bool cpuHasAVX512VNNI(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
    && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
    && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("fma")
    && __builtin_cpu_supports("f16c");
}

static inline bool cpuHasAVX2(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
}

static inline bool cpuHasAVXVNNI(void) {
  __builtin_cpu_init();
  return cpuHasAVX2() && __builtin_cpu_supports("avxvnni");
}
#else
static inline bool cpuHasAVX512VNNI(void) { return false; }
static inline bool cpuHasAVX2(void) { return false; }
static inline bool cpuHasAVXVNNI(void) { return false; }
#endif

#endif
