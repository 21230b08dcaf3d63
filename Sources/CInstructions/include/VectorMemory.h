// Loads and stores at any address, and splats.
#ifndef CINSTRUCTIONS_VECTOR_MEMORY_H
#define CINSTRUCTIONS_VECTOR_MEMORY_H

#include "VectorTypes.h"

#define DEFINE_VECTOR_MEMORY(Vector, Element)                                   \
  VECTOR_INLINE Vector load##Vector(const void *_Nonnull address) {             \
    Vector value;                                                               \
    __builtin_memcpy(&value, address, sizeof value);                            \
    return value;                                                               \
  }                                                                             \
  VECTOR_INLINE void store##Vector(Vector value, void *_Nonnull address) {      \
    __builtin_memcpy(address, &value, sizeof value);                            \
  }                                                                             \
  VECTOR_INLINE Vector splat##Vector(Element value) { return (Vector)(value); }

DEFINE_VECTOR_MEMORY(Float8, float)
DEFINE_VECTOR_MEMORY(Float16, float)
DEFINE_VECTOR_MEMORY(Word8, int32_t)
DEFINE_VECTOR_MEMORY(Word16, int32_t)

#undef DEFINE_VECTOR_MEMORY

// Keeps the compiler (not the processor) from moving loads and stores across.
VECTOR_INLINE void compilerBarrier(void) { __asm__ volatile("" ::: "memory"); }

// Asks for a cache line to be in the second-level cache, to be read.
VECTOR_INLINE void prefetchForReading(const void *_Nonnull address) { __builtin_prefetch(address, 0, 2); }

// Asks for a cache line to be in the first-level cache, to be read at once.
VECTOR_INLINE void prefetchForUnpacking(const void *_Nonnull address) { __builtin_prefetch(address, 0, 3); }

// Asks for a cache line to be in the first-level cache, to be written.
VECTOR_INLINE void prefetchForWriting(const void *_Nonnull address) { __builtin_prefetch(address, 1, 3); }

#endif
