// Counters of the processor, by perf_event_open of Linux. Elsewhere there are none.
#ifndef CCOUNTERS_H
#define CCOUNTERS_H

#include <stdint.h>

enum {
  touchstoneCycles,
  touchstoneInstructions,
  touchstoneCacheReferences,
  touchstoneCacheMisses,
  touchstoneBranchMisses,
  touchstoneCounterCount
};

// Opens a counter of the calling thread and of all threads that it will start, outside of the kernel. Returns a
// file descriptor, or a negative error number.
int touchstoneOpenCounter(int kind);

// The count so far, made up for the time in which the counter had to share its register. Returns 0 or a negative
// error number.
int touchstoneReadCounter(int descriptor, double *count);

void touchstoneCloseCounter(int descriptor);

#endif
