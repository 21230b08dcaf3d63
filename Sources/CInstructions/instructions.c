// SwiftPM wants one source file in a C target. Everything is in the header, to be inlined.
#include "CInstructions.h"
