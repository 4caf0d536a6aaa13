#pragma once
// A world in one thread: simulated time, a simulated network, dice from a seed. The same seed and
// the same calls give the same run, byte for byte. Only for code that works through the ports of
// beredd/io; give it inline_pool() and immediate_committer(), because threads are not simulated.
//
// A world outlives the listeners, connectors and timers that it gave to the test.
//
//   simulation::World world(seed);
//   auto listener = world.network().listen({"primary.test", 25});
//   world.network().set_faults({"primary.test", 25}, {.latency = 20ms});
//   io::spawn(world.executor(), serve(*listener), "server");
//   world.run_for(10min);                       // or: world.run(client(…)), world.run_until(…)

#include "simulation/network.h"
#include "simulation/schedule.h"
#include "simulation/timers.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "beredd/base/clock.h"
#include "beredd/base/random.h"
#include "beredd/io/task.h"
#include "beredd/io/timer.h"

namespace beredd::simulation {

class World {
 public:
  explicit World(std::uint64_t seed, base::Instant start = kStart)
      : clock_(start),
        schedule_(clock_),
        random_(seed),
        timers_(schedule_),
        network_(context_.get_executor(), schedule_, random_) {}
  ~World() { schedule_.stop(); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  io::Executor executor() { return context_.get_executor(); }
  base::ManualClock& clock() { return clock_; }
  base::Random& random() { return random_; }
  io::Timers& timers() { return timers_; }
  Network& network() { return network_; }
  Schedule& schedule() { return schedule_; }

  // Lets everything happen that is due within `time`; the clock then stands at its end.
  void run_for(base::Duration time) {
    const base::Instant end = clock_.now() + time;
    while (step(end)) {
    }
    clock_.set(end);
    settle();
  }

  // Until `condition` holds, `limit` at most. Returns whether it does.
  bool run_until(const std::function<bool()>& condition, base::Duration limit) {
    const base::Instant end = clock_.now() + limit;
    settle();
    while (!condition()) {
      if (!step(end)) return condition();
    }
    return true;
  }

  // Runs `task` to its end and returns what it gave; nothing when it did not end within `limit`.
  template <typename T>
  std::optional<T> run(io::Task<T> task, base::Duration limit = std::chrono::hours(24)) {
    auto given = std::make_shared<std::optional<T>>();
    io::spawn(executor(), keep(std::move(task), given), "simulated task");
    run_until([&] { return given->has_value(); }, limit);
    return std::move(*given);
  }

 private:
  static constexpr base::Instant kStart{std::chrono::seconds(1'795'000'000)};  // in November 2026

  template <typename T>
  static io::Task<void> keep(io::Task<T> task, std::shared_ptr<std::optional<T>> into) {
    into->emplace(co_await std::move(task));
  }

  // One event, and all that follows from it at the same instant. False: none is due until `end`.
  bool step(base::Instant end) {
    settle();
    const auto next = schedule_.next();
    if (!next || *next > end) return false;
    schedule_.run_next();
    settle();
    return true;
  }

  void settle() {
    do {
      context_.restart();
    } while (context_.poll() > 0);
  }

  // Coroutines that still wait are destroyed with the context; what they hold uses clock and
  // schedule.
  base::ManualClock clock_;
  Schedule schedule_;
  base::SeededRandom random_;
  boost::asio::io_context context_{1};
  Timers timers_;
  Network network_;
};

}  // namespace beredd::simulation
