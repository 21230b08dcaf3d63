/* The header is the module. This file checks that its structures have the layout that their users were built with. */
#include "touchstone.h"

#if UINTPTR_MAX == UINT64_MAX
_Static_assert(sizeof(touchstone_open_options) == 16, "touchstone_open_options has changed");
_Static_assert(sizeof(touchstone_facts) == 80, "touchstone_facts has changed");
_Static_assert(sizeof(touchstone_options) == 96, "touchstone_options has changed");
_Static_assert(sizeof(touchstone_text) == 16, "touchstone_text has changed");
_Static_assert(sizeof(touchstone_ids) == 16, "touchstone_ids has changed");
_Static_assert(sizeof(touchstone_counts) == 24, "touchstone_counts has changed");
_Static_assert(sizeof(touchstone_score) == 32, "touchstone_score has changed");
_Static_assert(sizeof(touchstone_token) == 24, "touchstone_token has changed");
#endif

#if defined(__linux__) && defined(__x86_64__)
/* Swift's static runtime asks for hypotf, whose version in glibc 2.35 is the only symbol that keeps the library from
 * glibc 2.34. Touchstone never calls it. Hidden: nobody else gets this one. */
__attribute__((visibility("hidden"))) float hypotf(float x, float y) {
  return (float)__builtin_sqrt((double)x * x + (double)y * y);
}
#endif
