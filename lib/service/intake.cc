#include "beredd/service/intake.h"

#include "admission.h"
#include "block_lists.h"
#include "intake_session.h"

#include <mutex>
#include <utility>

#include "beredd/base/log.h"

namespace beredd::service {

namespace {

// How long closed sessions get to unwind.
constexpr base::Duration kUnwinding = std::chrono::seconds(10);
// How many at once are told why they are turned away. They have no place among the sessions, so
// without this a flood would have as many descriptors as it likes.
constexpr int kTurnedAwayAtOnce = 100;

}  // namespace

// The sessions that are alive; outlives the Intake as long as one of them does.
struct Intake::Sessions {
  Sessions(const config::Smtp& config, base::Metrics& metrics)
      : admission(config),
        open(metrics.gauge("beredd_smtp_sessions", "SMTP connections being served")) {}

  Admission admission;
  base::Gauge& open;
  std::mutex mutex;
  std::set<IntakeSession*> alive;
  bool stopping = false;
  int turning_away = 0;
  std::unique_ptr<io::Timer> emptied;

  // Nothing: there was a place for one more, which it now has.
  std::optional<Refusal> enter(IntakeSession* session, base::Instant at) {
    const std::lock_guard lock(mutex);
    if (stopping) return Refusal{smtp::reply(421, "4.3.2", "shutting down; try again later"), {}};
    if (auto refusal = admission.enter(session->client(), at)) return refusal;
    alive.insert(session);
    open.add(1);
    return {};
  }
  void leave(IntakeSession* session) {
    const std::lock_guard lock(mutex);
    alive.erase(session);
    admission.leave(session->client());
    open.add(-1);
    if (stopping && is_empty()) emptied->wake();
  }
  bool is_empty() const { return alive.empty() && turning_away == 0; }
  static io::Task<void> live(std::shared_ptr<IntakeSession> session,
                             std::shared_ptr<Sessions> all) {
    co_await session->run();
    all->leave(session.get());
  }
  bool may_turn_away() {
    const std::lock_guard lock(mutex);
    if (turning_away >= kTurnedAwayAtOnce) return false;
    ++turning_away;
    return true;
  }
  static io::Task<void> turn_away(std::shared_ptr<IntakeSession> session, smtp::Reply words,
                                  std::shared_ptr<Sessions> all) {
    co_await session->turn_away(std::move(words));
    const std::lock_guard lock(all->mutex);
    --all->turning_away;
    if (all->stopping && all->is_empty()) all->emptied->wake();
  }
  bool stop(bool now) {
    const std::lock_guard lock(mutex);
    stopping = true;
    for (IntakeSession* session : alive) session->stop(now);
    return is_empty();
  }
};

Intake::Intake(Context& context, io::Executor executor, io::TlsContext* tls)
    : context_(context),
      executor_(std::move(executor)),
      tls_(tls),
      sessions_(std::make_shared<Sessions>(context.config->smtp, context.metrics)) {
  sessions_->emptied = context_.timers.make(executor_);
}

Intake::~Intake() = default;

void Intake::hand_back_by(HandbackRun run) { run_ = std::move(run); }

void Intake::look_up_by(io::Resolver& resolver) {
  const auto& zones = context_.config->smtp.limits.dnsbl;
  if (zones.empty()) return;
  block_lists_ = std::make_shared<BlockLists>(zones, resolver, context_.timers, context_.clock,
                                              context_.metrics);
}

void Intake::serve(std::unique_ptr<io::Listener> listener, smtp::Protocol protocol) {
  std::shared_ptr<io::Listener> shared = std::move(listener);
  listeners_.insert(shared);
  io::spawn(executor_, accept_forever(std::move(shared), protocol), "intake");
}

io::Task<void> Intake::accept_forever(std::shared_ptr<io::Listener> listener,
                                      smtp::Protocol protocol) {
  base::Counter& sessions =
      context_.metrics.counter("beredd_smtp_sessions_total", "SMTP connections accepted");
  base::Counter& turned_away = context_.metrics.counter(
      "beredd_smtp_turned_away_total", "SMTP connections answered 421 instead of a greeting");
  base::Counter& hung_up = context_.metrics.counter(
      "beredd_smtp_hung_up_total",
      "Of those turned away, closed without a word because too many were being told so");
  for (;;) {
    auto stream = co_await listener->accept();
    if (!stream) co_return;
    sessions.add();
    const io::Executor executor = (*stream)->executor();
    const Door door{protocol, tls_, run_,
                    std::shared_ptr<Admission>(sessions_, &sessions_->admission), block_lists_};
    auto session = std::make_shared<IntakeSession>(context_, std::move(*stream), door);
    auto refusal = sessions_->enter(session.get(), context_.clock.steady());
    if (!refusal) {
      io::spawn(executor, Sessions::live(std::move(session), sessions_), "smtp session");
      continue;
    }
    turned_away.add();
    if (!refusal->limit.empty()) count_limited(context_.metrics, refusal->limit);
    if (!sessions_->may_turn_away()) {
      hung_up.add();
      continue;  // which closes it
    }
    io::spawn(executor,
              Sessions::turn_away(std::move(session), std::move(refusal->reply), sessions_),
              "smtp session");
  }
}

io::Task<bool> Intake::drain(base::Duration patience) {
  for (const auto& listener : listeners_) listener->close();
  if (sessions_->stop(false)) co_return true;
  const bool too_late = co_await sessions_->emptied->wait(patience);
  if (!too_late) co_return true;
  if (sessions_->stop(true)) co_return true;
  co_await sessions_->emptied->wait(kUnwinding);
  co_return false;
}

}  // namespace beredd::service
