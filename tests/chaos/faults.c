// A disk and a clock that fail on demand. Preloaded into beredd (or linked into a test), this
// stands between the program and the C library: what the control block names fails as it says.
//
// The wall clock alone is shifted. The monotonic one stays, as it does when an administrator or NTP
// sets a machine's time.

#define _GNU_SOURCE
#include "faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static struct fault_control* control;

#define NEXT(name) ((__typeof__(&(name)))(uintptr_t)dlsym(RTLD_NEXT, #name))
#define READ(member) __atomic_load_n(&control->member, __ATOMIC_SEQ_CST)

void fault_use(struct fault_control* its_control) {
  __atomic_store_n(&control, its_control, __ATOMIC_SEQ_CST);
}

__attribute__((constructor)) static void map_control(void) {
  const char* path = getenv("BEREDD_FAULTS");
  if (path == NULL) return;
  int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void* mapped =
      mmap(NULL, sizeof(struct fault_control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (mapped != MAP_FAILED) fault_use(mapped);
}

static int is_below(int fd) {
  char link[64], path[512];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  size_t folder = strnlen(control->below, sizeof control->below);
  return strncmp(path, control->below, folder) == 0 && path[folder] == '/';
}

// LMDB's meta pages are the first two of its file.
static uint64_t kind_of_write(int fd, off_t at) {
  int flags = fcntl(fd, F_GETFL);
  if (flags >= 0 && (flags & O_DSYNC)) return FAULT_META;
  return at >= 0 && at < 8192 ? FAULT_TAKE_BACK : FAULT_WRITE;
}

static void leave_trail(char what) {
  uint64_t place = __atomic_fetch_add(&control->made, 1, __ATOMIC_SEQ_CST);
  __atomic_store_n(&control->trail[place % sizeof control->trail], what, __ATOMIC_SEQ_CST);
}

// Whether this call is to fail.
static int chosen(uint64_t kind) {
  if (!(READ(calls) & kind)) return 0;
  uint64_t seen = __atomic_add_fetch(&control->seen, 1, __ATOMIC_SEQ_CST);
  uint64_t every = READ(every), times = READ(times);
  if (every > 1 && seen % every != 0) return 0;
  if (times > 0 && READ(failed) >= times) return 0;
  __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
  return 1;
}

static int write_chosen(int fd, off_t at, int* make_it_first) {
  if (control == NULL || !is_below(fd)) return 0;
  uint64_t kind = kind_of_write(fd, at);
  leave_trail(kind == FAULT_META ? 'm' : 'w');
  *make_it_first = (READ(after) & kind) != 0;
  return chosen(kind);
}

static int sync_chosen(int fd) {
  if (control == NULL || !is_below(fd)) return 0;
  leave_trail('s');
  return chosen(FAULT_SYNC);
}

static int grow_chosen(int fd) { return control != NULL && is_below(fd) && chosen(FAULT_GROW); }

static ssize_t fail(void) {
  errno = (int)READ(number);
  return -1;
}

ssize_t write(int fd, const void* data, size_t size) {
  int first = 0;
  if (!write_chosen(fd, -1, &first)) return NEXT(write)(fd, data, size);
  if (READ(number) == 0) return NEXT(write)(fd, data, size / 2);
  if (first) (void)!NEXT(write)(fd, data, size);
  return fail();
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
  int first = 0;
  if (!write_chosen(fd, at, &first)) return NEXT(pwrite)(fd, data, size, at);
  if (READ(number) == 0) return NEXT(pwrite)(fd, data, size / 2, at);
  if (first) (void)!NEXT(pwrite)(fd, data, size, at);
  return fail();
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  return pwrite(fd, data, size, at);
}

ssize_t writev(int fd, const struct iovec* parts, int count) {
  int first = 0;
  if (!write_chosen(fd, -1, &first)) return NEXT(writev)(fd, parts, count);
  if (READ(number) == 0) return NEXT(write)(fd, parts[0].iov_base, parts[0].iov_len / 2);
  if (first) (void)!NEXT(writev)(fd, parts, count);
  return fail();
}

ssize_t pwritev(int fd, const struct iovec* parts, int count, off_t at) {
  int first = 0;
  if (!write_chosen(fd, at, &first)) return NEXT(pwritev)(fd, parts, count, at);
  if (READ(number) == 0) return NEXT(pwrite)(fd, parts[0].iov_base, parts[0].iov_len / 2, at);
  if (first) (void)!NEXT(pwritev)(fd, parts, count, at);
  return fail();
}

ssize_t pwritev64(int fd, const struct iovec* parts, int count, off64_t at) {
  return pwritev(fd, parts, count, at);
}

int fsync(int fd) { return sync_chosen(fd) ? (int)fail() : NEXT(fsync)(fd); }
int fdatasync(int fd) { return sync_chosen(fd) ? (int)fail() : NEXT(fdatasync)(fd); }

int ftruncate(int fd, off_t size) {
  return grow_chosen(fd) ? (int)fail() : NEXT(ftruncate)(fd, size);
}
int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }
int fallocate(int fd, int mode, off_t from, off_t size) {
  return grow_chosen(fd) ? (int)fail() : NEXT(fallocate)(fd, mode, from, size);
}
int posix_fallocate(int fd, off_t from, off_t size) {
  return grow_chosen(fd) ? (int)READ(number) : NEXT(posix_fallocate)(fd, from, size);
}

static int64_t shift(void) { return control == NULL ? 0 : READ(clock_shift); }

int clock_gettime(clockid_t clock, struct timespec* now) {
  int done = NEXT(clock_gettime)(clock, now);
  if (done != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return done;
  int64_t micros = shift(), nanos = now->tv_nsec + micros % 1000000 * 1000;
  now->tv_sec += micros / 1000000 + (nanos < 0 ? -1 : nanos / 1000000000);
  now->tv_nsec = nanos < 0 ? nanos + 1000000000 : nanos % 1000000000;
  return 0;
}

int gettimeofday(struct timeval* now, void* zone) {
  struct timespec exact;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* into) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (into != NULL) *into = exact.tv_sec;
  return exact.tv_sec;
}
