#include "postman_state.h"
#include "retry.h"

#include <algorithm>

#include "beredd/base/log.h"
#include "beredd/service/outgoing.h"

namespace beredd::service {

using base::Status;

namespace {

constexpr base::Duration kIdle = std::chrono::seconds(20);    // then the connection is given up
constexpr base::Duration kLongest = std::chrono::minutes(1);  // between two looks

}  // namespace

const std::vector<base::Duration>& Postman::retries() {
  using namespace std::chrono_literals;
  static const std::vector<base::Duration> kRetries = {1min, 5min, 15min, 30min, 1h};
  return kRetries;
}

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
    if (s.session && !s.session->alive()) s.session.reset();
    if (s.doubts) co_await s.doubt_what_was_offered();
    co_await s.follow_clock();
    std::vector<Fate> mails = s.doubts ? std::vector<Fate>() : s.due();
    if (!mails.empty()) {
      co_await s.send(std::move(mails));
      continue;
    }
    const bool idle = co_await s.timer->wait(s.wait());
    if (idle && s.session && !s.stopping) {
      co_await s.session->finish();
      s.session.reset();
    }
  }
  if (s.session) co_await s.session->finish();
  s.running = false;
  s.stopped_timer->wake();
}

// The wall clock was ahead and is set right: what was put off until then would wait for ever.
io::Task<void> Postman::State::follow_clock() {
  const auto now = context.clock.now();
  if (connect_after > now + reconnect_after(failed_connects)) connect_after = {};
  bool beyond = false;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto next = txn.next_due(kOutgoing);
    beyond = next && *next > now + longest_wait(Postman::retries());
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

base::Duration Postman::State::wait() const {
  if (doubts) return kPostmanPause;
  const auto now = context.clock.now();
  base::Duration longest = session ? kIdle : kLongest;
  if (connect_after > now) return std::min<base::Duration>(longest, connect_after - now);
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto next = txn.next_due(kOutgoing);
    if (next) longest = std::clamp<base::Duration>(*next - now, {}, longest);
    return {};
  });
  return read ? longest : kPostmanPause;
}

}  // namespace beredd::service
