// Tells ThreadSanitizer which thread has a contended mutex after which. Loaded before everything else (LD_PRELOAD).
//
// Swift's Mutex takes and gives up an uncontended lock with atomics inside the caller, which the sanitizer sees.
// A contended one goes through these two functions of libswiftSynchronization, which is built without the sanitizer:
// it would report every access under such a lock as a race.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

// In the program under test; nowhere in others that inherit LD_PRELOAD.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
// Synchronization._MutexHandle._lockSlow(UInt32) and _unlockSlow().
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lockSlowly(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT void unlockSlowly(SELF void *mutex) __asm__(UNLOCK);

static SWIFT void (*swiftLock)(uint32_t thread, SELF void *mutex);
static SWIFT void (*swiftUnlock)(SELF void *mutex);

__attribute__((constructor)) static void findSwiftsOwn(void) {
  swiftLock = dlsym(RTLD_NEXT, LOCK);
  swiftUnlock = dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT void lockSlowly(uint32_t thread, SELF void *mutex) {
  swiftLock(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlockSlowly(SELF void *mutex) {
  if (__tsan_release) __tsan_release(mutex);
  swiftUnlock(mutex);
}
