#include "beredd/service/relay.h"

#include "learning.h"
#include "parcel.h"
#include "relay_state.h"
#include "retry.h"

#include <algorithm>
#include <utility>

#include "beredd/base/log.h"

namespace beredd::service {

using base::Status;
using failover::Mode;

namespace {

constexpr base::Duration kIdle = std::chrono::seconds(5);   // then a connection is given up
constexpr base::Duration kPause = std::chrono::seconds(1);  // after a failure of the store
constexpr std::size_t kBatch = 20;  // messages offered in one go on a connection

}  // namespace

// --- the outside
// ----------------------------------------------------------------------------------

Relay::Relay(Context& context, Modes& modes, Handback& handback, const config::Primary& primary,
             io::Target& target, io::Executor executor)
    : state_(std::make_shared<State>(context, modes, handback, primary, target,
                                     std::move(executor))) {}

Relay::~Relay() = default;

void Relay::start() {
  State& s = *state_;
  const auto told = [state = state_](std::string_view name) {
    if (name == state->primary.name) state->wake_all();
  };
  s.modes.subscribe([told](std::string_view name, Mode) { told(name); });
  s.handback.subscribe(told);
  s.find_unclear();
  io::spawn(s.executor, State::keep(state_, s.tend_forever()), "relay steward");
  io::spawn(s.executor, State::keep(state_, s.settle_forever()), "relay settling");
  for (std::size_t n = 0; n < s.worker_timers.size(); ++n) {
    io::spawn(s.executor, State::keep(state_, s.work(n)), "relay");
  }
}

void Relay::wake() { state_->wake_all(); }

io::Task<void> Relay::drain(base::Duration patience) {
  const std::shared_ptr<State> state = state_;
  state->stopping = true;
  state->wake_all();
  if (state->running > 0) co_await state->stopped_timer->wait(patience);
}

// --- the workers
// ----------------------------------------------------------------------------------

Relay::State::State(Context& its_context, Modes& its_modes, Handback& its_handback,
                    const config::Primary& its_primary, io::Target& its_target,
                    io::Executor its_executor)
    : context(its_context),
      modes(its_modes),
      handback(its_handback),
      primary(its_primary),
      target(its_target),
      executor(std::move(its_executor)),
      steward_timer(context.timers.make(executor)),
      settle_timer(context.timers.make(executor)),
      stopped_timer(context.timers.make(executor)) {
  for (int n = 0; n < primary.target.connections; ++n)
    worker_timers.push_back(context.timers.make(executor));
}

// Keeps the state alive as long as one of its coroutines, and counts them for drain().
io::Task<void> Relay::State::keep(std::shared_ptr<State> state, io::Task<void> task) {
  ++state->running;
  co_await std::move(task);
  if (--state->running == 0) state->stopped_timer->wake();
}

void Relay::State::wake_all() {
  for (auto& timer : worker_timers) timer->wake();
  steward_timer->wake();
  settle_timer->wake();
}

io::Task<void> Relay::State::work(std::size_t number) {
  io::Timer& timer = *worker_timers[number];
  std::unique_ptr<io::TargetSession> session;
  while (!stopping) {
    // A connection from before an outage is not trusted after it.
    if (session && (!session->alive() || mode() == Mode::fallback)) session.reset();
    std::vector<Claim> claims = claim();
    if (!claims.empty()) {
      if (!co_await give(session, std::move(claims))) co_await timer.wait(kPause);
      continue;
    }
    const bool idle = co_await timer.wait(idle_wait());
    if (idle && session) {
      co_await session->finish();
      session.reset();
    }
  }
  if (session) co_await session->finish();
}

base::Duration Relay::State::idle_wait() const {
  const auto now = context.clock.now();
  base::Duration wait = kIdle;
  if (connect_after > now) wait = std::min<base::Duration>(wait, connect_after - now);
  if (window() > 0) {
    auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
      const auto due = txn.next_due(primary.name);
      if (due && *due > now) wait = std::min<base::Duration>(wait, *due - now);
      return {};
    });
    if (!read) wait = kPause;
  }
  return wait;
}

std::vector<Claim> Relay::State::claim() {
  const auto now = context.clock.now();
  const int free = window() - static_cast<int>(busy.size());
  if (free <= 0 || now < connect_after) return {};
  // Shared out evenly, so that a small window is spread over the connections.
  const auto share =
      std::clamp<std::size_t>(static_cast<std::size_t>(free) / worker_timers.size(), 1, kBatch);
  // Whatever waits may be the canary, also what was to be tried later.
  const auto until = mode() == Mode::probation ? base::Instant::max() : now;
  std::vector<Claim> claims;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    auto lanes = txn.lanes(primary.name, until, share,
                           [&](base::TicketId ticket) { return busy.contains(ticket); });
    if (!lanes) return lanes.error();
    for (const store::Lane& lane : *lanes) claims.push_back({lane.ticket, lane.head});
    return {};
  });
  if (!read) {
    base::log_error("relay {}: {}", primary.name, base::to_string(read.error()));
    return {};
  }
  for (const Claim& one : claims) busy.insert(one.ticket);
  return claims;
}

void Relay::State::release(const std::vector<Claim>& claims) {
  for (const Claim& one : claims) busy.erase(one.ticket);
}

// False: nothing could be given now, wait a little.
io::Task<bool> Relay::State::give(std::unique_ptr<io::TargetSession>& session,
                                  std::vector<Claim> claims) {
  if (!session && !co_await connect(session)) {
    release(claims);
    co_return false;
  }
  if (window() == 0 || !co_await write_offered(claims)) {
    release(claims);
    co_return false;
  }
  std::vector<io::Parcel> parcels;
  std::vector<Claim> sent;
  for (const Claim& one : claims) {
    auto made = parcel_of(context.store, one.message);
    if (made) {
      parcels.push_back(std::move(*made));
      sent.push_back(one);
      continue;
    }
    std::string words =
        fmt::format("our own copy cannot be read: {}", base::to_string(made.error()));
    unsettled.push_back({one, {io::Handover::Kind::refused, std::move(words), false}});
  }
  // Whether a deferral was the primary's word or a broken connection is known at the end.
  std::vector<Settlement> deferred;
  std::function<void(std::size_t, io::Handover)> done = [&](std::size_t index,
                                                            io::Handover handover) {
    const bool wait = handover.kind == io::Handover::Kind::deferred;
    Settlement settlement{sent[index], std::move(handover)};
    if (wait) {
      deferred.push_back(std::move(settlement));
    } else {
      unsettled.push_back(std::move(settlement));
      settle_timer->wake();
    }
  };
  co_await session->hand_over(std::move(parcels), std::move(done));
  for (Settlement& one : deferred) {
    one.lost = !session->alive();
    unsettled.push_back(std::move(one));
  }
  settle_timer->wake();
  co_return true;
}

io::Task<bool> Relay::State::connect(std::unique_ptr<io::TargetSession>& session) {
  auto opened = co_await target.open(executor);
  if (opened) {
    failed_connects = 0;
    session = std::move(*opened);
    const io::TargetAbilities able = session->abilities();
    std::string name = primary.name;
    co_await service::learn(context, std::move(name), able);
    co_return true;
  }
  ++failed_connects;
  connect_after = context.clock.now() + reconnect_after(failed_connects);
  std::string saw = opened.error().detail;
  if (mode() == Mode::probation ||
      (mode() == Mode::handback && failed_connects >= Ramp::kPatience)) {
    auto reported = co_await modes.report(primary.name, failover::Event::hurt, saw);
    static_cast<void>(reported.ok());  // it counts in any case, and was logged there
  }
  co_await observe_passive(false, std::move(saw));
  co_return false;
}

io::Task<bool> Relay::State::write_offered(const std::vector<Claim>& claims) {
  const auto now = context.clock.now();
  store::Operation operation = [claims, name = primary.name, now](store::WriteTxn& txn) -> Status {
    for (const Claim& one : claims) {
      if (auto offered = txn.offer(one.message, name, now); !offered) return offered;
    }
    return {};
  };
  auto written =
      co_await context.committer.commit(std::move(operation), base::Bytes(256 * claims.size()));
  if (!written) base::log_error("relay {}: {}", primary.name, base::to_string(written.error()));
  for (const Claim& one : claims) {
    if (written) {
      unsent.erase(one.message);
    } else {
      unsent.emplace(one.message, one.ticket);
    }
  }
  co_return written.ok();
}

}  // namespace beredd::service
