#include "CBuildStamp.h"

// tools/stamp.sh finds the marker in the linked file and writes the commit behind it. So a commit compiles and
// links nothing anew.
#define MARKER "TOUCHSTONE-STAMP:"

const char touchstoneStampBytes[160] = MARKER "unknown";

const char *touchstoneBuildStamp(void) { return touchstoneStampBytes + sizeof MARKER - 1; }
