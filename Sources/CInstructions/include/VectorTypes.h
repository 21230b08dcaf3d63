// The vector types, and how the wrappers are declared.
#ifndef CINSTRUCTIONS_VECTOR_TYPES_H
#define CINSTRUCTIONS_VECTOR_TYPES_H

#include <stdint.h>

#define VECTOR_INLINE static inline __attribute__((always_inline))

typedef float Float8 __attribute__((ext_vector_type(8)));
typedef float Float16 __attribute__((ext_vector_type(16)));
typedef double Double8 __attribute__((ext_vector_type(8)));
typedef double Double16 __attribute__((ext_vector_type(16)));
typedef int32_t Word4 __attribute__((ext_vector_type(4)));
typedef int32_t Word8 __attribute__((ext_vector_type(8)));
typedef int32_t Word16 __attribute__((ext_vector_type(16)));
typedef int64_t Long8 __attribute__((ext_vector_type(8)));
typedef int64_t Long16 __attribute__((ext_vector_type(16)));
typedef uint8_t Byte16 __attribute__((ext_vector_type(16)));
typedef uint8_t Byte32 __attribute__((ext_vector_type(32)));
typedef uint8_t Byte64 __attribute__((ext_vector_type(64)));
typedef int8_t SignedByte32 __attribute__((ext_vector_type(32)));
typedef int8_t SignedByte64 __attribute__((ext_vector_type(64)));
typedef int16_t Short16 __attribute__((ext_vector_type(16)));
typedef int16_t Short32 __attribute__((ext_vector_type(32)));
typedef int16_t Short64 __attribute__((ext_vector_type(64)));

#endif
