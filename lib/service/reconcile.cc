// g++ 12 takes the coroutine frame's own operator new for the global one once both are inlined.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

#include "beredd/service/reconcile.h"

#include "parcel.h"
#include "patience.h"

#include <utility>

#include <fmt/format.h>

#include "beredd/base/log.h"

namespace beredd::service {

using base::Code;
using base::Status;
using store::DeliveryState;

namespace {

constexpr std::size_t kAtOnce = 200;  // deliveries read in one transaction

// Counts what is found wrong, and remembers the first of it.
void note(Reconciliation& about, Discrepancy one) {
  switch (one.kind) {
    case Discrepancy::Kind::missing: ++about.missing; break;
    case Discrepancy::Kind::doubled: ++about.doubled; break;
    case Discrepancy::Kind::altered: ++about.altered; break;
  }
  if (about.discrepancies.size() < Reconciliation::kMostDiscrepancies) {
    about.discrepancies.push_back(std::move(one));
  }
}

std::string summary(const Reconciliation& about) {
  return fmt::format(
      "{} looked up: {} missing, {} doubled, {} altered; {} in the quarantine, {} waiting{}",
      about.looked_up, about.missing, about.doubled, about.altered, about.quarantined,
      about.waiting, about.failure.empty() ? "" : "; ended early: " + about.failure);
}

}  // namespace

std::string_view name(Discrepancy::Kind kind) {
  switch (kind) {
    case Discrepancy::Kind::missing: return "missing";
    case Discrepancy::Kind::doubled: return "doubled";
    case Discrepancy::Kind::altered: return "altered";
  }
  return "";
}

struct Reconcile::State {
  State(Context& its_context, io::Executor its_executor)
      : context(its_context), executor(std::move(its_executor)) {}

  io::Task<void> run(std::shared_ptr<State> self, Place place, std::optional<base::Instant> since);
  io::Task<Status> look_at_all(Place place, std::optional<base::Instant> since);
  io::Task<Status> look_at(Place place, io::TargetSession& session, store::Delivery delivery);
  io::Task<Status> record(store::Delivery delivery, std::string words);
  io::Task<void> write_down(std::string primary);
  // The deliveries in that state behind `after`; those from before `since` are left out.
  base::Result<std::vector<store::Delivery>> next(const std::string& primary, DeliveryState in,
                                                  base::MessageId& after,
                                                  std::optional<base::Instant> since) const;
  Status count(const std::string& primary, std::optional<base::Instant> since);
  void change(const std::string& primary, const std::function<void(Reconciliation&)>& how) {
    const std::lock_guard lock(mutex);
    how(latest.at(primary));
  }

  Context& context;
  const io::Executor executor;
  std::map<std::string, Place, std::less<>> places;
  mutable std::mutex mutex;  // for what follows
  std::map<std::string, Reconciliation, std::less<>> latest;
  bool stopping = false;
};

Reconcile::Reconcile(Context& context, io::Executor executor)
    : state_(std::make_shared<State>(context, std::move(executor))) {}
Reconcile::~Reconcile() = default;

void Reconcile::add(const config::Primary& primary, io::Target& target) {
  state_->places.emplace(primary.name, Place{&primary, &target});
}

void Reconcile::stop() {
  const std::lock_guard lock(state_->mutex);
  state_->stopping = true;
}

std::optional<Reconciliation> Reconcile::latest(std::string_view primary) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->latest.find(primary);
  return found != state_->latest.end() ? std::optional(found->second) : std::nullopt;
}

Status Reconcile::start(std::string_view primary, std::optional<base::Instant> since) {
  const auto place = state_->places.find(primary);
  if (place == state_->places.end()) {
    return base::permanent(Code::not_found, fmt::format("no primary is called \"{}\"", primary));
  }
  {
    const std::lock_guard lock(state_->mutex);
    auto& latest = state_->latest[place->first];
    if (!latest.primary.empty() && !latest.ended) {
      return base::permanent(Code::conflict, fmt::format("{} is being read back already", primary));
    }
    latest = {};
    latest.primary = place->first;
    latest.started = state_->context.clock.now();
  }
  io::spawn(state_->executor, state_->run(state_, place->second, since), "reconcile");
  return {};
}

io::Task<void> Reconcile::State::run(std::shared_ptr<State> self, Place place,
                                     std::optional<base::Instant> since) {
  const std::string primary = place.primary->name;
  Status done = self->count(primary, since);
  if (done) done = co_await self->look_at_all(place, since);
  self->change(primary, [&](Reconciliation& about) {
    if (!done) about.failure = done.error().detail;
    about.ended = self->context.clock.now();
  });
  co_await self->write_down(primary);
}

Status Reconcile::State::count(const std::string& primary, std::optional<base::Instant> since) {
  std::uint64_t total = 0;
  store::DeliveryCounts counts;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    counts = txn.counts(primary);
    return {};
  });
  if (!read) return read;
  for (const DeliveryState state : {DeliveryState::acknowledged, DeliveryState::proven}) {
    for (base::MessageId after;;) {
      const auto some = next(primary, state, after, since);
      if (!some) return some.error();
      total += some->size();
      if (after == base::MessageId()) break;
    }
  }
  change(primary, [&](Reconciliation& about) {
    about.total = total;
    about.waiting = counts.waiting();
    about.quarantined = counts.quarantined;
  });
  return {};
}

base::Result<std::vector<store::Delivery>> Reconcile::State::next(
    const std::string& primary, DeliveryState in, base::MessageId& after,
    std::optional<base::Instant> since) const {
  std::vector<store::Delivery> found;
  auto read = context.store.read([&](const store::ReadTxn& txn) -> Status {
    auto some = txn.deliveries(primary, in, after, kAtOnce);
    if (!some) return some.error();
    found = *std::move(some);
    return {};
  });
  if (!read) return read.error();
  after = found.size() < kAtOnce ? base::MessageId() : found.back().message;
  std::erase_if(found, [&](const store::Delivery& one) { return since && one.created < *since; });
  return found;
}

io::Task<Status> Reconcile::State::look_at_all(Place place, std::optional<base::Instant> since) {
  auto session = co_await place.target->open(executor);
  if (!session) co_return session.error();
  // What is proven now moves from the first state to the second: the second is read first.
  for (const DeliveryState state : {DeliveryState::proven, DeliveryState::acknowledged}) {
    for (base::MessageId after;;) {
      const auto some = next(place.primary->name, state, after, since);
      if (!some) co_return some.error();
      for (const store::Delivery& one : *some) {
        if (!(*session)->alive()) {
          session = co_await place.target->open(executor);
          if (!session) co_return session.error();
        }
        store::Delivery delivery = one;
        auto looked = co_await look_at(place, **session, std::move(delivery));
        if (!looked) co_return looked;
      }
      if (after == base::MessageId()) break;
    }
  }
  co_await (*session)->finish();
  co_return Status();
}

io::Task<Status> Reconcile::State::look_at(Place place, io::TargetSession& session,
                                           store::Delivery delivery) {
  {
    const std::lock_guard lock(mutex);
    if (stopping) co_return base::transient(Code::cancelled, "beredd is stopping");
  }
  auto parcel = parcel_of(context.store, delivery.message);
  if (!parcel) co_return parcel.error();
  const io::LookUpResult result = co_await session.look_up(std::move(*parcel));
  if (result.found == io::LookUp::failed) {
    co_return base::transient(Code::unreachable, result.words);
  }
  if (result.found == io::LookUp::unsupported) {
    co_return base::permanent(Code::unsupported,
                              "it cannot be asked: it does not offer CHECKPOINT, and no "
                              "[primary.look_up] says where its mail can be seen");
  }
  // What was there once does not come a second time.
  const bool may_turn_up = result.found == io::LookUp::absent &&
                           delivery.state != DeliveryState::proven &&
                           context.clock.now() - delivery.changed < patience_with(*place.primary);
  change(place.primary->name, [&](Reconciliation& about) {
    ++about.looked_up;
    const auto is = [&](Discrepancy::Kind kind) {
      note(about, {kind, delivery.message, delivery.ticket, result.words});
    };
    if (result.found == io::LookUp::found && !result.compared) ++about.uncompared;
    if (may_turn_up) {
      ++about.fresh;
    } else if (result.found == io::LookUp::absent) {
      is(Discrepancy::Kind::missing);
    } else if (result.copies > 1) {
      is(Discrepancy::Kind::doubled);
    } else if (result.altered) {
      is(Discrepancy::Kind::altered);
    }
  });
  const bool news = result.found == io::LookUp::found && delivery.state != DeliveryState::proven;
  if (!news) co_return Status();
  std::string words = fmt::format("looked up there and found ({})", result.words);
  auto recorded = co_await record(std::move(delivery), std::move(words));
  co_return recorded;
}

io::Task<Status> Reconcile::State::record(store::Delivery delivery, std::string words) {
  const auto now = context.clock.now();
  store::Operation operation = [delivery, words, now](store::WriteTxn& txn) -> Status {
    auto current = txn.delivery(delivery.message, delivery.target);
    if (!current) return current.error();
    // Meanwhile the relay may have proven it, or the ring given it up.
    if (!*current || (*current)->state != DeliveryState::acknowledged) return {};
    return txn.prove(delivery.message, delivery.target, words, now);
  };
  return context.committer.commit(std::move(operation), base::Bytes(512));
}

// The result is a line of the journal, so that it can be shown later that one looked.
io::Task<void> Reconcile::State::write_down(std::string primary) {
  std::string text;
  change(primary, [&](Reconciliation& about) { text = summary(about); });
  base::log_info("reconcile {}: {}", primary, text);
  const auto now = context.clock.now();
  store::Operation operation = [primary, text, now](store::WriteTxn& txn) -> Status {
    store::JournalEntry entry;
    entry.at = now;
    entry.what = "reconciled";
    entry.target = primary;
    entry.detail = text;
    return txn.note(std::move(entry));
  };
  auto written = co_await context.committer.commit(std::move(operation), base::Bytes(512));
  if (!written) base::log_warning("reconcile {}: {}", primary, base::to_string(written.error()));
}

}  // namespace beredd::service
