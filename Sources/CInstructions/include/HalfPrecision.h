// IEEE 754 binary16 to float32, exactly.
#ifndef CINSTRUCTIONS_HALF_PRECISION_H
#define CINSTRUCTIONS_HALF_PRECISION_H

#include <stdint.h>
#include <string.h>

typedef float Float16 __attribute__((ext_vector_type(16)));
typedef uint16_t UnsignedShort16 __attribute__((ext_vector_type(16)));

// bit  15    14…10      9…0
//      sign  exponent   fraction      value = (-1)^sign * 2^(exponent - 15) * 1.fraction
//
// One instruction where the target has it. On baseline x86-64 a cast from `_Float16`, like Swift's
// `Float(Float16)`, calls a run-time function; there this is a dozen integer operations and one exact
// subtraction, without branches. Loops over either form vectorise. Infinities and NaNs keep their sign and
// payload; a signalling NaN becomes quiet, as the instruction does it.
static inline __attribute__((always_inline)) float floatFromHalf(uint16_t bits) {
#if defined(__F16C__) || defined(__aarch64__)
  _Float16 half;
  memcpy(&half, &bits, sizeof half);
  return (float)half;
#else
  // Exponent and fraction in the places of a float32, whose bias is 127 - 15 = 112 larger.
  uint32_t magnitude = (uint32_t)(bits & 0x7FFF) << 13;
  uint32_t normal = magnitude + (112u << 23);

  // A subnormal is fraction * 2^-24: put the fraction behind a leading one worth 2^-14, and take the one away.
  uint32_t shifted = magnitude + (113u << 23);
  float subnormal;
  memcpy(&subnormal, &shifted, sizeof subnormal);
  subnormal -= 0x1p-14f;
  uint32_t subnormalBits;
  memcpy(&subnormalBits, &subnormal, sizeof subnormalBits);

  uint32_t quiet = magnitude > (31u << 23) ? 1u << 22 : 0;
  uint32_t nonFinite = magnitude | (255u << 23) | quiet;

  uint32_t finite = magnitude < (1u << 23) ? subnormalBits : normal;
  uint32_t unsignedBits = magnitude >= (31u << 23) ? nonFinite : finite;
  uint32_t resultBits = unsignedBits | ((uint32_t)(bits & 0x8000) << 16);
  float result;
  memcpy(&result, &resultBits, sizeof result);
  return result;
#endif
}

// The same float in every lane. The instruction converts a splat of the half: converting first would wait for
// the old value of the register that the half is inserted into.
static inline __attribute__((always_inline)) Float16 splatFromHalf(uint16_t bits) {
#if defined(__F16C__) || defined(__aarch64__)
  typedef _Float16 Half16 __attribute__((ext_vector_type(16)));
  return __builtin_convertvector((Half16)(UnsignedShort16)(bits), Float16);
#else
  return (Float16)(floatFromHalf(bits));
#endif
}

#endif
