// One inline function per CPU instruction that Swift cannot name.
#ifndef CINSTRUCTIONS_H
#define CINSTRUCTIONS_H

#include "VectorConversions.h"

#endif
