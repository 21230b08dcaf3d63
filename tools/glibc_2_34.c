/* Functions that Swift's static Foundation asks for in a version that glibc has only since 2.35. With these, what is
 * linked statically runs from glibc 2.34 on (RHEL 9, Ubuntu 22.04, Debian 12). Touchstone itself calls neither.
 *
 * Hidden: no other library of a process gets them. */
#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN double hypot(double x, double y) {
  if (__builtin_isinf(x) || __builtin_isinf(y)) return __builtin_inf();
  /* 64 bits of mantissa and 15 of exponent: no square overflows or loses what a double shows. */
  return (double)__builtin_sqrtl((long double)x * x + (long double)y * y);
}

HIDDEN float hypotf(float x, float y) {
  if (__builtin_isinf(x) || __builtin_isinf(y)) return __builtin_inff();
  return (float)__builtin_sqrt((double)x * x + (double)y * y);
}
