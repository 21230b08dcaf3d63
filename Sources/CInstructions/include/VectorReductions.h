// The larger of each pair of lanes.
#ifndef CINSTRUCTIONS_VECTOR_REDUCTIONS_H
#define CINSTRUCTIONS_VECTOR_REDUCTIONS_H

#include "VectorTypes.h"

#define DEFINE_VECTOR_REDUCTIONS(Word)                                                               \
  VECTOR_INLINE Word maximum##Word(Word a, Word b) { return __builtin_elementwise_max(a, b); }

DEFINE_VECTOR_REDUCTIONS(Word8)
DEFINE_VECTOR_REDUCTIONS(Word16)

#undef DEFINE_VECTOR_REDUCTIONS

#endif
