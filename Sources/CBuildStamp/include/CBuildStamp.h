// What the program was built from.

#ifndef CBUILDSTAMP_H
#define CBUILDSTAMP_H

/// The text that tools/stamp.sh wrote into the built file, ended by 0; "unknown" where nothing did.
const char *_Nonnull touchstoneBuildStamp(void);

#endif
