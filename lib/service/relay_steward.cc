// What the relay does when the mode changes: lanes are held or released, the canary is judged, the
// end of the hand-back is seen.

#include "relay_state.h"
#include "retry.h"

#include <algorithm>
#include <utility>

#include "beredd/base/log.h"

namespace beredd::service {

using base::Status;
using failover::Event;
using failover::Mode;

namespace {

constexpr base::Duration kTurn = std::chrono::seconds(1);
constexpr base::Duration kProbationTurn = std::chrono::milliseconds(200);
constexpr std::size_t kLanesAtOnce = 500;  // in one transaction

}  // namespace

io::Task<void> Relay::State::tend_forever() {
  while (!stopping) {
    co_await follow_mode();
    co_await follow_clock();
    if (!unsent.empty()) co_await take_back_offers();
    if (may_give()) {
      find_unclear();
      if (!unclear.empty() && context.clock.now() >= connect_after) co_await resolve_unclear();
      if (mode() == Mode::probation) co_await judge_canary();
      if (mode() == Mode::handback) co_await finish_handback();
      if (proves && busy.empty() && mode() == Mode::normal) co_await prove_some();
    }
    if (!stopping) co_await steward_timer->wait(mode() == Mode::probation ? kProbationTurn : kTurn);
  }
}

io::Task<void> Relay::State::follow_mode() {
  const Mode now = mode();
  if (followed == now) co_return;
  const bool first = !followed.has_value();
  const bool held = followed && failover::holds(*followed);
  followed = now;
  failed_connects = 0;
  connect_after = {};
  canary.reset();
  if (now == Mode::fallback) {
    co_await move_lanes(true);
  } else if (now == Mode::handback || (now == Mode::normal && held)) {
    ramp.restart();
    if (!first) co_await move_lanes(false);
  }
  wake_all();
}

// The wall clock was ahead and is set right: what was put off until then would wait for ever.
io::Task<void> Relay::State::follow_clock() {
  const auto now = context.clock.now();
  if (connect_after > now + reconnect_after(failed_connects)) connect_after = {};
  if (failover::holds(mode())) co_return;  // what is held has no time; it is released as due
  bool beyond = false;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto due = txn.next_due(primary.name);
    beyond = due && *due > now + longest_wait(primary.retry);
    return {};
  });
  if (!read || !beyond) co_return;
  base::log_warning("relay {}: the clock was set back; what waits is tried now", primary.name);
  co_await move_lanes(false);
  wake_all();
}

io::Task<void> Relay::State::move_lanes(bool hold) {
  auto position = std::make_shared<std::optional<store::WriteTxn::LanePosition>>(std::in_place);
  while (position->has_value() && !stopping) {
    const auto now = context.clock.now();
    store::Operation operation = [position, from = **position, hold, name = primary.name,
                                  now](store::WriteTxn& txn) -> Status {
      auto next = txn.hold_lanes(name, hold, from, kLanesAtOnce, now);
      if (!next) return next.error();
      *position = *next;
      store::Switches switches = txn.switches(name);
      if (!hold || !switches.released) return {};
      switches.released = false;  // a new outage wants a new word
      return txn.put_switches(name, switches);
    };
    auto written = co_await context.committer.commit(std::move(operation), base::kibibytes(256));
    if (!written) {
      base::log_error("relay {}: {}", primary.name, base::to_string(written.error()));
      followed.reset();  // tried again at the next turn
      co_return;
    }
  }
}

// The canary was taken; where the primary can be asked, it must also be found there.
io::Task<void> Relay::State::judge_canary() {
  if (!modes.dwell_over(primary.name)) co_return;
  if (!canary) {
    if (counts().waiting() == 0) {
      auto reported =
          co_await modes.report(primary.name, Event::proven, "nothing waits to be handed back");
      static_cast<void>(reported.ok());
    }
    co_return;
  }
  const base::MessageId id = *canary;
  auto session = co_await target.open(executor);
  if (!session) co_return;  // the checks will tell
  const io::LookUpResult result = co_await look_up(**session, id);
  co_await (*session)->finish();
  if (result.found == io::LookUp::failed) co_return;
  if (result.found == io::LookUp::found) co_await record(id, result);
  const bool lost = result.found == io::LookUp::absent;
  std::string why = fmt::format("message {} was taken{}", id.value(),
                                lost                                ? ", but is not found there"
                                : result.found == io::LookUp::found ? " and found there"
                                                                    : "");
  auto reported =
      co_await modes.report(primary.name, lost ? Event::hurt : Event::proven, std::move(why));
  static_cast<void>(reported.ok());
}

store::DeliveryCounts Relay::State::counts() const {
  store::DeliveryCounts counts;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    counts = txn.counts(primary.name);
    return {};
  });
  if (!read) counts.held = 1;  // not known to be empty
  return counts;
}

bool Relay::State::nothing_due() const {
  bool nothing = false;
  const auto now = context.clock.now();
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    auto lanes = txn.lanes(primary.name, now, 1, [](base::TicketId) { return false; });
    if (!lanes) return lanes.error();
    nothing = lanes->empty();
    return {};
  });
  return read.ok() && nothing;
}

// Drained: all was offered at least once, and no answer is open. What the primary put off waits its
// time in normal mode.
io::Task<void> Relay::State::finish_handback() {
  if (!busy.empty() || !unsettled.empty() || !unclear.empty() || !nothing_due()) co_return;
  const auto left = counts().waiting();
  std::string why =
      left == 0 ? "all was handed back" : fmt::format("all but {} put off was handed back", left);
  auto reported = co_await modes.report(primary.name, Event::drained, std::move(why));
  static_cast<void>(reported.ok());
}

}  // namespace beredd::service
