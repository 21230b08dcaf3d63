// Time that only goes forward.
#ifndef CINSTRUCTIONS_CLOCK_H
#define CINSTRUCTIONS_CLOCK_H

#include <stdint.h>
#include <time.h>

// About 20 ns: on Linux no system call is made.
static inline int64_t monotonicNanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

#endif
