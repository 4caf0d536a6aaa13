#include "beredd/io/timer.h"

#include "steady.h"

#include <atomic>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace beredd::io {
namespace {

namespace asio = boost::asio;

// Shared with the wakes that are still on their way to the executor when the timer is destroyed.
struct State {
  explicit State(const Executor& executor) : timer(executor) {}
  asio::steady_timer timer;
  std::atomic<bool> woken{false};
};

class SystemTimer final : public Timer {
 public:
  explicit SystemTimer(const Executor& executor) : state_(std::make_shared<State>(executor)) {}
  ~SystemTimer() override = default;

  Task<bool> wait(base::Duration how_long) override {
    const auto state = state_;
    const SteadyPoint end = steady_in(how_long);
    // A wake that an earlier wait has taken may cancel this one: then it goes on waiting.
    for (;;) {
      if (state->woken.exchange(false)) co_return false;
      if (std::chrono::steady_clock::now() >= end) co_return true;
      state->timer.expires_at(end);
      const auto token = asio::as_tuple(asio::use_awaitable);
      std::ignore = co_await state->timer.async_wait(token);
    }
  }

  void wake() override {
    state_->woken = true;
    auto cancel = [state = state_] { state->timer.cancel(); };
    asio::post(state_->timer.get_executor(), std::move(cancel));
  }

 private:
  std::shared_ptr<State> state_;
};

class SystemTimers final : public Timers {
 public:
  std::unique_ptr<Timer> make(const Executor& executor) override {
    return std::make_unique<SystemTimer>(executor);
  }
};

}  // namespace

std::unique_ptr<Timers> system_timers() { return std::make_unique<SystemTimers>(); }

}  // namespace beredd::io
