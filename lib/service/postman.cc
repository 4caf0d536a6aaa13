#include "postman_state.h"
#include "retry.h"

#include "beredd/base/log.h"
#include "beredd/service/outgoing.h"

namespace beredd::service {

using base::Status;

Postman::Postman(Context& context, io::Target& target, io::Executor executor)
    : state_(std::make_shared<State>(context, target, std::move(executor))) {}

Postman::~Postman() = default;

void Postman::start() {
  state_->running = true;
  io::spawn(state_->executor, State::run(state_), "postman");
}

void Postman::wake() { state_->timer->wake(); }

io::Task<void> Postman::drain(base::Duration patience) {
  const std::shared_ptr<State> state = state_;
  state->stopping = true;
  state->timer->wake();
  if (state->running) co_await state->stopped_timer->wait(patience);
}

io::Task<void> Postman::State::run(std::shared_ptr<State> self) {
  State& s = *self;
  while (!s.stopping) {
    if (s.doubts) co_await s.doubt_what_was_offered();
    co_await s.follow_clock();
    if (s.stopping) break;
    Picked picked;
    picked.wait = kPostmanPause;
    if (!s.doubts) picked = s.pick();
    for (Load& load : picked.loads) s.begin(std::move(load));
    s.close_idle(false);
    co_await s.timer->wait(picked.wait);
  }
  while (s.rounds > 0) co_await s.timer->wait(kPostmanPause);
  s.close_idle(true);
  while (s.rounds > 0) co_await s.timer->wait(kPostmanPause);
  s.running = false;
  s.stopped_timer->wake();
}

// The wall clock was ahead and is set right: what was put off until then would wait for ever.
io::Task<void> Postman::State::follow_clock() {
  const auto now = context.clock.now();
  for (auto& [name, way] : ways) {
    if (way.connect_after > now + reconnect_after(way.failed_connects)) way.connect_after = {};
  }
  bool beyond = false;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto next = txn.next_due(kOutgoing);
    beyond = next && *next > now + longest_wait(context.config->outgoing.retry);
    return {};
  });
  if (!read || !beyond) co_return;
  store::Operation operation = [now](store::WriteTxn& txn) -> Status {
    auto moved = txn.hold_lanes(kOutgoing, false, {}, 1000, now);
    return moved ? Status() : Status(moved.error());
  };
  auto written = co_await context.committer.commit(std::move(operation), base::kibibytes(64));
  if (!written) base::log_error("postman: {}", base::to_string(written.error()));
}

}  // namespace beredd::service
