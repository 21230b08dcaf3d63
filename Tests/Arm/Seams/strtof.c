// What Embedded Swift's `Float("1.5")` calls and its library lacks. The program's locale is C.
#include <stdlib.h>

const char *_swift_stdlib_strtof_clocale(const char *text, float *value) {
  char *end;
  *value = strtof(text, &end);
  return end == text ? NULL : end;
}
