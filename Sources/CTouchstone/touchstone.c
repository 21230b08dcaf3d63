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

int32_t touchstone_unless_stopped(void *stop, size_t done) {
  (void)done;
  return __atomic_load_n((const int32_t *)stop, __ATOMIC_RELAXED) == 0;
}
