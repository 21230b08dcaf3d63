// The C library of aarch64 Linux as Swift's module Glibc, which Embedded Swift lacks: the headers, and under the
// overlay's names the few declarations that Swift cannot import (variadic functions, casts in macros).
#ifndef TOUCHSTONE_ARM_GLIBC_H
#define TOUCHSTONE_ARM_GLIBC_H

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMED(name) __attribute__((swift_name(name)))

static inline NAMED("open(_:_:)") int openFile(const char *path, int flags) { return open(path, flags); }
static inline NAMED("open(_:_:_:)") int createFile(const char *path, int flags, mode_t mode) {
  return open(path, flags, mode);
}
static inline NAMED("getter:errno()") int errorNumber(void) { return errno; }
static inline NAMED("getter:MAP_FAILED()") void *mapFailed(void) { return MAP_FAILED; }

#undef NAMED

// In the type of the field that they are compared with, as in the overlay.
#undef S_IFMT
#undef S_IFREG
#undef S_IFDIR
static const mode_t S_IFMT = 0170000, S_IFREG = 0100000, S_IFDIR = 0040000;

#endif
