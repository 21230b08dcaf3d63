// What a loop that waits for another thread says to the processor.
#ifndef CINSTRUCTIONS_SPIN_HINT_H
#define CINSTRUCTIONS_SPIN_HINT_H

// Gives the core's other hardware thread, or the energy, to somebody who can use it: tens of nanoseconds.
static inline __attribute__((always_inline)) void spinHint(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

#endif
