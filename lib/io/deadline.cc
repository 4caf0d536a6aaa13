#include "deadline.h"

#include "steady.h"

#include <boost/asio/steady_timer.hpp>

namespace beredd::io {

namespace asio = boost::asio;

struct Deadline::State {
  explicit State(const Executor& executor) : timer(executor) {}

  asio::steady_timer timer;
  asio::cancellation_signal signal;
  SteadyPoint due{};
  std::uint64_t round = 0;  // of arm(): a handler of an earlier one does nothing
  bool armed = false;
  bool busy = false;
  bool passed = false;
};

Deadline::Deadline(const Executor& executor) : state_(std::make_shared<State>(executor)) {}

void Deadline::begin(base::Duration timeout) {
  state_->due = steady_in(timeout);
  state_->busy = true;
  state_->passed = false;
  if (!state_->armed || state_->timer.expiry() > state_->due) arm(state_);
}

void Deadline::end() { state_->busy = false; }
bool Deadline::passed() const { return state_->passed; }
asio::cancellation_slot Deadline::slot() { return state_->signal.slot(); }
void Deadline::cancel() { state_->signal.emit(asio::cancellation_type::terminal); }

void Deadline::arm(const std::shared_ptr<State>& state) {
  state->armed = true;
  state->timer.expires_at(state->due);
  auto ring = [weak = std::weak_ptr(state), round = ++state->round](boost::system::error_code) {
    const auto alive = weak.lock();
    if (!alive || alive->round != round) return;
    alive->armed = false;
    if (!alive->busy) return;
    if (std::chrono::steady_clock::now() < alive->due) return arm(alive);
    alive->passed = true;
    alive->signal.emit(asio::cancellation_type::terminal);
  };
  state->timer.async_wait(std::move(ring));
}

}  // namespace beredd::io
