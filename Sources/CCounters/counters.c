#include "CCounters.h"

#include <errno.h>

#if defined(__linux__)
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int touchstoneOpenCounter(int kind) {
  static const uint64_t events[touchstoneCounterCount] = {
      PERF_COUNT_HW_CPU_CYCLES, PERF_COUNT_HW_INSTRUCTIONS, PERF_COUNT_HW_CACHE_REFERENCES,
      PERF_COUNT_HW_CACHE_MISSES, PERF_COUNT_HW_BRANCH_MISSES};
  if (kind < 0 || kind >= touchstoneCounterCount) return -EINVAL;
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.config = events[kind];
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  attributes.inherit = 1;
  attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  long descriptor = syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
  return descriptor < 0 ? -errno : (int)descriptor;
}

int touchstoneReadCounter(int descriptor, double *count) {
  uint64_t values[3];
  ssize_t size = read(descriptor, values, sizeof values);
  if (size != (ssize_t)sizeof values) return size < 0 ? -errno : -EIO;
  *count = values[2] > 0 ? (double)values[0] * ((double)values[1] / (double)values[2]) : 0;
  return 0;
}

void touchstoneCloseCounter(int descriptor) { close(descriptor); }

#else

int touchstoneOpenCounter(int kind) {
  (void)kind;
  return -ENOSYS;
}

int touchstoneReadCounter(int descriptor, double *count) {
  (void)descriptor;
  (void)count;
  return -ENOSYS;
}

void touchstoneCloseCounter(int descriptor) { (void)descriptor; }

#endif
