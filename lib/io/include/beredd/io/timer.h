#pragma once
// Waiting as a port: the daemon waits on the system's timers, a scenario test on simulated time.

#include <memory>

#include "beredd/base/units.h"
#include "beredd/io/task.h"

namespace beredd::io {

// One waiter at a time. Used from its executor only, except wake().
class Timer {
 public:
  virtual ~Timer() = default;
  // True: the time passed. False: wake() was called, before (since the last wait ended) or
  // meanwhile.
  virtual Task<bool> wait(base::Duration how_long) = 0;
  // Ends the present wait, or else the next one at once. Any thread.
  virtual void wake() = 0;
};

class Timers {
 public:
  virtual ~Timers() = default;
  virtual std::unique_ptr<Timer> make(const Executor& executor) = 0;
};

// The system's monotonic clock.
std::unique_ptr<Timers> system_timers();

}  // namespace beredd::io
