// One inline function per CPU instruction that Swift cannot name.
#ifndef CINSTRUCTIONS_H
#define CINSTRUCTIONS_H

#include "ByteConversions.h"
#include "HalfPrecision.h"

#endif
