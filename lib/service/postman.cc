#include "beredd/service/postman.h"

#include "fate.h"
#include "parcel.h"
#include "retry.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "beredd/base/log.h"
#include "beredd/service/outgoing.h"

namespace beredd::service {

using base::Status;
using store::DeliveryState;
using Kind = io::Handover::Kind;

namespace {

constexpr base::Duration kIdle = std::chrono::seconds(20);    // then the connection is given up
constexpr base::Duration kLongest = std::chrono::minutes(1);  // between two looks
constexpr base::Duration kPause = std::chrono::seconds(1);    // after a failure of the store
constexpr std::size_t kBatch = 20;

std::string_view outcome(Kind kind) {
  switch (kind) {
    case Kind::acknowledged:
    case Kind::already: return "taken";
    case Kind::deferred: return "deferred";
    case Kind::refused: return "refused";
    case Kind::unknown: return "unknown";
  }
  return "";
}

}  // namespace

struct Postman::State {
  State(Context& its_context, io::Target& its_target, io::Executor its_executor)
      : context(its_context),
        target(its_target),
        executor(std::move(its_executor)),
        timer(context.timers.make(executor)),
        stopped_timer(context.timers.make(executor)) {}

  static io::Task<void> run(std::shared_ptr<State> self);
  io::Task<void> doubt_what_was_offered();
  io::Task<void> follow_clock();
  std::vector<Fate> due();
  base::Duration wait() const;
  io::Task<void> send(std::vector<Fate> mails);
  io::Task<bool> connect();
  io::Task<bool> write_offered(const std::vector<Fate>& mails);
  io::Task<void> take_back(const std::vector<Fate>& mails);
  io::Task<void> hand_over(std::vector<Fate> mails);
  io::Task<void> settle(std::vector<Fate> fates);
  void count(const Fate& fate) const;

  Context& context;
  io::Target& target;
  io::Executor executor;
  std::unique_ptr<io::Timer> timer, stopped_timer;
  std::unique_ptr<io::TargetSession> session;
  int failed_connects = 0;
  base::Instant connect_after{};
  std::string trouble;  // of the last connection
  bool doubts = true;   // what an earlier life offered is not looked at yet
  bool running = false, stopping = false;
};

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

// What stands there as offered was offered by a process that is gone.
io::Task<void> Postman::State::doubt_what_was_offered() {
  std::vector<Fate> doubted;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    auto offered = txn.deliveries(kOutgoing, DeliveryState::offered, {}, SIZE_MAX);
    if (!offered) return offered.error();
    for (const store::Delivery& one : *offered) {
      doubted.push_back(
          {one.message, one.ticket, Kind::unknown, "beredd ended before the answer came"});
    }
    return {};
  });
  doubts = !read.ok();
  if (!doubted.empty()) co_await settle(std::move(doubted));
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

std::vector<Fate> Postman::State::due() {
  const auto now = context.clock.now();
  std::vector<Fate> mails;
  if (now < connect_after) return mails;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto lanes = txn.lanes(kOutgoing, now, kBatch, [](base::TicketId) { return false; });
    if (!lanes) return lanes.error();
    for (const store::Lane& lane : *lanes)
      mails.push_back({lane.head, lane.ticket, Kind::deferred, {}});
    return {};
  });
  if (!read) base::log_error("postman: {}", base::to_string(read.error()));
  return mails;
}

base::Duration Postman::State::wait() const {
  if (doubts) return kPause;
  const auto now = context.clock.now();
  base::Duration longest = session ? kIdle : kLongest;
  if (connect_after > now) return std::min<base::Duration>(longest, connect_after - now);
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto next = txn.next_due(kOutgoing);
    if (next) longest = std::clamp<base::Duration>(*next - now, {}, longest);
    return {};
  });
  return read ? longest : kPause;
}

io::Task<void> Postman::State::send(std::vector<Fate> mails) {
  if (!session) {
    const bool connected = co_await connect();
    if (!connected) {
      for (Fate& mail : mails) mail.words = trouble;
      co_await settle(std::move(mails));
      co_return;
    }
  }
  const bool offered = co_await write_offered(mails);
  if (offered) {
    co_await hand_over(std::move(mails));
  } else {
    co_await timer->wait(kPause);
  }
}

io::Task<bool> Postman::State::connect() {
  auto opened = co_await target.open(executor);
  if (opened) {
    failed_connects = 0;
    session = std::move(*opened);
    co_return true;
  }
  ++failed_connects;
  connect_after = context.clock.now() + reconnect_after(failed_connects);
  trouble = opened.error().detail;
  base::log_warning("postman: the smarthost cannot be reached: {}", trouble);
  co_return false;
}

io::Task<bool> Postman::State::write_offered(const std::vector<Fate>& mails) {
  const auto now = context.clock.now();
  store::Operation operation = [mails, now](store::WriteTxn& txn) -> Status {
    for (const Fate& mail : mails) {
      if (auto offered = txn.offer(mail.message, kOutgoing, now); !offered) return offered;
    }
    return {};
  };
  auto written =
      co_await context.committer.commit(std::move(operation), base::Bytes(256 * mails.size()));
  if (written) co_return true;
  base::log_error("postman: {}", base::to_string(written.error()));
  co_await take_back(mails);
  co_return false;
}

// "offered" may have been written all the same; nothing has left, so nothing is in doubt.
io::Task<void> Postman::State::take_back(const std::vector<Fate>& mails) {
  const auto now = context.clock.now();
  const store::Operation back = [mails, now](store::WriteTxn& txn) -> Status {
    for (const Fate& mail : mails) {
      const auto delivery = txn.delivery(mail.message, kOutgoing);
      if (!delivery) return delivery.error();
      if (!*delivery || (*delivery)->state != DeliveryState::offered) continue;
      store::WriteTxn::Deferral deferral{now, false, false, (*delivery)->words};
      auto deferred = txn.defer(mail.message, kOutgoing, deferral, now);
      if (!deferred) return deferred;
    }
    return {};
  };
  while (!stopping) {
    store::Operation again = back;
    auto taken_back =
        co_await context.committer.commit(std::move(again), base::Bytes(256 * mails.size()));
    if (taken_back) co_return;
    co_await timer->wait(kPause);
  }
}

io::Task<void> Postman::State::hand_over(std::vector<Fate> mails) {
  std::vector<io::Parcel> parcels;
  std::vector<Fate> fates;  // beside the parcels, then what could not even be read
  std::vector<Fate> unread;
  for (Fate& mail : mails) {
    auto made = parcel_of(context.store, mail.message);
    if (made) {
      parcels.push_back(std::move(*made));
      fates.push_back(std::move(mail));
    } else {
      mail.kind = Kind::refused;
      mail.words = fmt::format("our own copy cannot be read: {}", base::to_string(made.error()));
      unread.push_back(std::move(mail));
    }
  }
  std::function<void(std::size_t, io::Handover)> done = [&fates](std::size_t index,
                                                                 io::Handover handover) {
    fates[index].kind = handover.kind;
    fates[index].words = std::move(handover.words);
  };
  if (!parcels.empty()) co_await session->hand_over(std::move(parcels), std::move(done));
  fates.insert(fates.end(), unread.begin(), unread.end());
  co_await settle(std::move(fates));
}

// Nothing else is offered until what became of these is on disk.
io::Task<void> Postman::State::settle(std::vector<Fate> fates) {
  const auto shared = std::make_shared<const std::vector<Fate>>(std::move(fates));
  for (;;) {
    const auto now = context.clock.now();
    store::Operation operation = [shared, now](store::WriteTxn& txn) -> Status {
      for (const Fate& fate : *shared) {
        if (auto written = write_fate(txn, fate, now); !written) return written;
      }
      return {};
    };
    auto written =
        co_await context.committer.commit(std::move(operation), base::Bytes(512 * shared->size()));
    if (written) break;
    base::log_error("postman: {} answers wait to be written down: {}", shared->size(),
                    base::to_string(written.error()));
    if (written.error().fault == base::Fault::transient) {
      co_await timer->wait(kPause);
      continue;
    }
    // It was written by a commit that was said to have failed; the others are not held up.
    if (shared->size() == 1) co_return;
    for (const Fate& fate : *shared) {
      std::vector<Fate> alone(1, fate);
      co_await settle(std::move(alone));
    }
    co_return;
  }
  for (const Fate& fate : *shared) count(fate);
}

void Postman::State::count(const Fate& fate) const {
  context.metrics
      .counter("beredd_answers_total", "Mails of the desk, by what became of an attempt.",
               base::label("outcome", outcome(fate.kind)))
      .add();
  if (fate.kind == Kind::refused || fate.kind == Kind::unknown) {
    base::log_warning("postman: message {} of ticket {} was not delivered: {}",
                      fate.message.value(), fate.ticket.value(), fate.words);
  }
}

}  // namespace beredd::service
