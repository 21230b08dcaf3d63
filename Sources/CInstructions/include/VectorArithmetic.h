// Float arithmetic whose bits do not depend on the instruction set.
#ifndef CINSTRUCTIONS_VECTOR_ARITHMETIC_H
#define CINSTRUCTIONS_VECTOR_ARITHMETIC_H

#include "VectorTypes.h"

// multiplyAdd: a * b + c, rounded once.
//
// Where the target has no fused multiply-add, it is computed in double precision: the product of two floats is
// exact there, and the sum is rounded to odd, so that the second rounding, to float, is the only one that counts
// (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd").
// A comparison of vectors is -1 where true, and false where a side is not a number.
#if defined(__FMA__) || defined(__aarch64__)
#define DEFINE_MULTIPLY_ADD(Float, Double, Long)                                                     \
  VECTOR_INLINE Float multiplyAdd##Float(Float a, Float b, Float c) {                                \
    return __builtin_elementwise_fma(a, b, c);                                                       \
  }
#else
#define DEFINE_MULTIPLY_ADD(Float, Double, Long)                                                     \
  VECTOR_INLINE Float multiplyAdd##Float(Float a, Float b, Float c) {                                \
    Double product = __builtin_convertvector(a, Double) * __builtin_convertvector(b, Double);        \
    Double addend = __builtin_convertvector(c, Double);                                              \
    Double sum = product + addend;                                                                   \
    Double addendPart = sum - product;                                                               \
    Double error = (product - (sum - addendPart)) + (addend - addendPart);                           \
    Long inexact = (error < 0.0) | (error > 0.0);                                                    \
    Long bits = (Long)sum;                                                                           \
    Long isEven = (bits & 1) - 1;                                                                    \
    Long signsDiffer = (bits ^ (Long)error) < 0;                                                     \
    bits += (signsDiffer | 1) & inexact & isEven;                                                    \
    return __builtin_convertvector((Double)bits, Float);                                             \
  }
#endif

DEFINE_MULTIPLY_ADD(Float8, Double8, Long8)
DEFINE_MULTIPLY_ADD(Float16, Double16, Long16)

#undef DEFINE_MULTIPLY_ADD

#define DEFINE_VECTOR_ARITHMETIC(Float, Word)                                                        \
  VECTOR_INLINE Float multiply##Float(Float a, Float b) { return a * b; }                            \
  VECTOR_INLINE Float divide##Float(Float a, Float b) { return a / b; }                              \
  VECTOR_INLINE Float add##Float(Float a, Float b) { return a + b; }                                 \
  VECTOR_INLINE Float subtract##Float(Float a, Float b) { return a - b; }                            \
  VECTOR_INLINE Float maximum##Float(Float a, Float b) { return a > b ? a : b; }                     \
  VECTOR_INLINE Float minimum##Float(Float a, Float b) { return a < b ? a : b; }                     \
  VECTOR_INLINE Float magnitude##Float(Float a) { return (Float)((Word)a & 0x7FFFFFFF); }            \
  VECTOR_INLINE Word add##Word(Word a, Word b) { return a + b; }                                     \
  VECTOR_INLINE Word subtract##Word(Word a, Word b) { return a - b; }                                \
  VECTOR_INLINE Word multiply##Word(Word a, Word b) { return a * b; }                                \
  VECTOR_INLINE Word and##Word(Word a, Word b) { return a & b; }                                     \
  VECTOR_INLINE Word or##Word(Word a, Word b) { return a | b; }                                      \
  VECTOR_INLINE Word exclusiveOr##Word(Word a, Word b) { return a ^ b; }                             \
  VECTOR_INLINE Word shiftLeft##Word(Word a, int32_t count) { return a << count; }                   \
  VECTOR_INLINE Word shiftRight##Word(Word a, int32_t count) { return a >> count; }                  \
  VECTOR_INLINE Float floatsOfBits##Word(Word bits) { return (Float)bits; }                          \
  VECTOR_INLINE Word bitsOf##Float(Float floats) { return (Word)floats; }

DEFINE_VECTOR_ARITHMETIC(Float8, Word8)
DEFINE_VECTOR_ARITHMETIC(Float16, Word16)

#undef DEFINE_VECTOR_ARITHMETIC

#endif
