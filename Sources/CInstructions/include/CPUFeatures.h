// What the processor can do, and what the operating system lets it do.
#ifndef CINSTRUCTIONS_CPU_FEATURES_H
#define CINSTRUCTIONS_CPU_FEATURES_H

#include <stdbool.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <errno.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#elif defined(__aarch64__) && defined(__APPLE__)
#include <sys/sysctl.h>
#endif

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

// AMX with byte products: the processor has it (CPUID leaf 7) and the operating system saves the tiles (XCR0).
static inline bool cpuHasAMX(void) {
  unsigned int eax, ebx, ecx, edx;
  if (!cpuHasAVX512VNNI() || !__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return false;
  if (!(edx & 1u << 24) || !(edx & 1u << 25)) return false;
  unsigned int low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & 3u << 17) == 3u << 17;
}

// Asks Linux to let this process use tiles (ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA): 0, or the error's number.
// The answer is for all threads, and for children.
static inline int requestAMX(void) {
#if defined(__linux__)
  return syscall(SYS_arch_prctl, 0x1023, 18) == 0 ? 0 : errno;
#else
  return ENOSYS;
#endif
}

static inline bool cpuHasAVX2(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
}

static inline bool cpuHasAVXVNNI(void) {
  __builtin_cpu_init();
  return cpuHasAVX2() && __builtin_cpu_supports("avxvnni");
}
static inline bool cpuHasDotProd(void) { return false; }
static inline bool cpuHasI8MM(void) { return false; }
#else
static inline bool cpuHasAVX512VNNI(void) { return false; }
static inline bool cpuHasAVX2(void) { return false; }
static inline bool cpuHasAMX(void) { return false; }
static inline int requestAMX(void) { return -1; }
static inline bool cpuHasAVXVNNI(void) { return false; }

#if defined(__aarch64__) && defined(__linux__)
// What the kernel has found in the processor's ID registers: HWCAP_ASIMDDP and HWCAP2_I8MM, which older headers lack.
static inline bool cpuHasDotProd(void) { return getauxval(AT_HWCAP) & 1ul << 20; }
static inline bool cpuHasI8MM(void) { return cpuHasDotProd() && getauxval(AT_HWCAP2) & 1ul << 13; }
#elif defined(__aarch64__) && defined(__APPLE__)
static inline bool cpuHasFeature(const char *_Nonnull name) {
  int value = 0;
  size_t size = sizeof value;
  return sysctlbyname(name, &value, &size, NULL, 0) == 0 && value != 0;
}
static inline bool cpuHasDotProd(void) { return cpuHasFeature("hw.optional.arm.FEAT_DotProd"); }
static inline bool cpuHasI8MM(void) { return cpuHasDotProd() && cpuHasFeature("hw.optional.arm.FEAT_I8MM"); }
#else
static inline bool cpuHasDotProd(void) { return false; }
static inline bool cpuHasI8MM(void) { return false; }
#endif
#endif

#endif
