#pragma once
// How the sandbox fails, switched while it runs.

#include <atomic>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>

#include "beredd/io/timer.h"

namespace beredd::beredctl {

enum class Failure {
  none,
  refuse,    // nobody listens for SMTP; health says 503
  hang,      // connections are taken and nothing is said, health included
  tempfail,  // 451 to every RCPT; health says 503
  reject,    // 554 to every RCPT; health says 200
  drop,  // the data are taken to the final dot, thrown away, and no answer comes; health says 200
};

std::string_view name(Failure failure);
std::optional<Failure> failure_named(std::string_view text);
constexpr bool looks_healthy(Failure failure) {
  return failure == Failure::none || failure == Failure::reject || failure == Failure::drop;
}

// Any thread.
class FailureSwitch {
 public:
  FailureSwitch(io::Timers& timers, Failure first) : timers_(timers), now_(first) {}

  Failure now() const { return now_; }
  void set(Failure failure);
  void stop();  // nothing hangs any more

  // Returns when the failure is not `hang`.
  io::Task<void> sit_out();

 private:
  bool hangs() const { return now_ == Failure::hang && !stopped_; }
  void wake_all();

  io::Timers& timers_;
  std::atomic<Failure> now_;
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::set<io::Timer*> waiting_;
};

}  // namespace beredd::beredctl
