// One inline function per vector operation that Swift cannot name.
//
// Every function here is compiled again in each Swift target that calls it, with the instruction-set flags of
// that target. Vectors are `ext_vector_type`s, which Swift imports as SIMD16<Float>, SIMD8<Int32>, ….
#ifndef CINSTRUCTIONS_H
#define CINSTRUCTIONS_H

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "this processor is big-endian, but kernels read model files in place, which are little-endian; build for x86-64 or arm64"
#endif
#if __SIZEOF_POINTER__ != 8
#error "this processor has no 64-bit addresses, but model files are mapped whole; build for x86-64 or arm64"
#endif

#include "ByteConversions.h"
#include "CPUFeatures.h"
#include "Clock.h"
#include "DotProducts.h"
#include "FloatTranspose.h"
#include "HalfPrecision.h"
#include "MatrixTiles.h"
#include "NeonProducts.h"
#include "SHA256Blocks.h"
#include "SpinHint.h"
#include "TokenLanes.h"
#include "VectorArithmetic.h"
#include "VectorBytes.h"
#include "VectorConversions.h"
#include "VectorMemory.h"
#include "VectorReductions.h"
#include "VectorTranspose.h"
#include "VectorTypes.h"

#endif
