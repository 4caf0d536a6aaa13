#pragma once
// What will happen and when, on a clock that stands still in between.

#include <compare>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "beredd/base/clock.h"
#include "beredd/io/task.h"

namespace beredd::simulation {

// In the order of time and, at one instant, of asking.
class Schedule {
 public:
  struct Id {
    base::Instant when{};
    std::uint64_t number = 0;
    friend auto operator<=>(const Id&, const Id&) = default;
  };

  explicit Schedule(base::ManualClock& clock) : clock_(clock) {}

  base::Instant now() const { return clock_.now(); }
  // Never overflows: beyond a century is a century.
  base::Instant in(base::Duration how_long) const {
    constexpr base::Duration kCentury = std::chrono::hours(24 * 365 * 100);
    return now() + std::clamp(how_long, base::Duration::zero(), kCentury);
  }

  Id at(base::Instant when, std::function<void()> what) {
    const Id id{std::max(when, now()), ++last_};
    if (!stopped_) events_.emplace(id, std::move(what));
    return id;
  }
  void cancel(const Id& id) { events_.erase(id); }

  // Nothing will happen any more: what is to come holds timers that must go before their context.
  void stop() {
    stopped_ = true;
    const auto dropped = std::exchange(events_, {});
  }

  std::optional<base::Instant> next() const {
    if (events_.empty()) return std::nullopt;
    return events_.begin()->first.when;
  }
  // REQUIRES: next().
  void run_next() {
    auto first = events_.extract(events_.begin());
    clock_.set(first.key().when);
    first.mapped()();
  }

 private:
  base::ManualClock& clock_;
  std::map<Id, std::function<void()>> events_;
  std::uint64_t last_ = 0;
  bool stopped_ = false;
};

// Where one coroutine waits to be told. Ringing when nobody waits is forgotten: look first, then
// wait.
class Bell {
 public:
  explicit Bell(const io::Executor& executor) : never_(executor) {}

  // Until rung, or until `end`.
  io::Task<void> wait_until(Schedule& schedule, base::Instant end) {
    const auto id = schedule.at(end, [this] { ring(); });
    co_await wait();
    schedule.cancel(id);
  }
  io::Task<void> wait() {
    never_.expires_at(std::chrono::steady_clock::time_point::max());
    const auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
    std::ignore = co_await never_.async_wait(token);
  }
  void ring() { never_.cancel(); }

 private:
  boost::asio::steady_timer never_;
};

}  // namespace beredd::simulation
