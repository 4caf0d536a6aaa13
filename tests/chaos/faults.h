#pragma once
// The control block of the fault library. A test changes it while the victim runs;
// tests/chaos/fault.py lays out the same bytes.

#include <stdint.h>

enum {
  FAULT_WRITE = 1,       // write, pwrite, writev, pwritev to the files below `below`
  FAULT_SYNC = 2,        // fsync, fdatasync
  FAULT_GROW = 4,        // ftruncate, fallocate, posix_fallocate
  FAULT_TAKE_BACK = 16,  // LMDB's repair of a last page whose writing failed
  FAULT_META = 8,        // writes through a descriptor that is open with O_DSYNC: LMDB's last page
};

struct fault_control {
  uint64_t calls;       // the kinds of call that fail; 0: none
  uint64_t number;      // the errno they fail with; 0: they write half of what they were given
  uint64_t every;       // only every n-th of them fails; 0 and 1: all
  uint64_t times;       // no more than so many fail; 0: no end
  uint64_t after;       // kinds of write that are made first and then said to have failed
  int64_t clock_shift;  // microseconds that the wall clock is off
  uint64_t seen;        // matching calls so far
  uint64_t failed;      // of these, those that failed
  uint64_t made;        // writes and syncs below the folder, failed or not
  char trail[64];       // the latest of them, as a ring: w a write, s a sync, m a FAULT_META
  char below[256];      // the folder, an absolute path
};

#ifdef __cplusplus
extern "C" {
#endif
// In a process that has the library linked in: `control` from now on, or none. Outside, the file
// that BEREDD_FAULTS names is mapped at the start.
void fault_use(struct fault_control* control);
#ifdef __cplusplus
}
#endif
