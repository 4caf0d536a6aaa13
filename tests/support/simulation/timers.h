#pragma once
// io::Timers on simulated time.

#include "simulation/schedule.h"

#include <memory>

#include <boost/asio/post.hpp>

#include "beredd/io/timer.h"

namespace beredd::simulation {

class Timer final : public io::Timer {
 public:
  Timer(const io::Executor& executor, Schedule& schedule)
      : schedule_(schedule), state_(std::make_shared<State>(executor)), executor_(executor) {}

  io::Task<bool> wait(base::Duration how_long) override {
    const auto state = state_;
    Schedule& schedule = schedule_;
    const base::Instant end = schedule.in(how_long);
    for (;;) {
      if (std::exchange(state->woken, false)) co_return false;
      if (schedule.now() >= end) co_return true;
      co_await state->bell.wait_until(schedule, end);
    }
  }

  void wake() override {
    auto ring = [state = state_] {
      state->woken = true;
      state->bell.ring();
    };
    boost::asio::post(executor_, std::move(ring));
  }

 private:
  struct State {
    explicit State(const io::Executor& executor) : bell(executor) {}
    Bell bell;
    bool woken = false;
  };
  Schedule& schedule_;
  std::shared_ptr<State> state_;
  io::Executor executor_;
};

class Timers final : public io::Timers {
 public:
  explicit Timers(Schedule& schedule) : schedule_(schedule) {}
  std::unique_ptr<io::Timer> make(const io::Executor& executor) override {
    return std::make_unique<Timer>(executor, schedule_);
  }

 private:
  Schedule& schedule_;
};

}  // namespace beredd::simulation
