/*
 * A wall clock that jumps: loaded by LD_PRELOAD into a worker and the programs that it starts. The seconds to add are in the file that
 * BELAY_CHAOS_CLOCK names, mapped once, so that they can be changed while the worker runs. Monotonic clocks run on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int32_t *added;

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("BELAY_CHAOS_CLOCK");
  int fd = file == NULL ? -1 : open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof(int32_t), PROT_READ, MAP_SHARED, fd, 0);
  if (mapped != MAP_FAILED) added = mapped;
  close(fd);
}

static long seconds(void) { return added == NULL ? 0 : *added; }

int clock_gettime(clockid_t clock, struct timespec *now) {
  long answer = syscall(SYS_clock_gettime, clock, now);
  if (answer == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += seconds();
  return (int)answer;
}

int gettimeofday(struct timeval *now, void *zone) {
  struct timespec fine;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &fine);
  now->tv_sec = fine.tv_sec;
  now->tv_usec = fine.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *out) {
  struct timespec fine;
  clock_gettime(CLOCK_REALTIME, &fine);
  if (out != NULL) *out = fine.tv_sec;
  return fine.tv_sec;
}
