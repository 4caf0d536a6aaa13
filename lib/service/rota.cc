#include "beredd/service/rota.h"

#include "rota_care.h"
#include "rota_roll.h"

#include <algorithm>
#include <utility>

#include "beredd/base/log.h"

namespace beredd::service {

using base::Result;
using base::Status;
using base::TicketId;

namespace {

constexpr int kShare = 20;  // a pass takes at most one in so many of the time
constexpr base::Duration kLeast = std::chrono::milliseconds(100);

}  // namespace

Rota::Rota(Context& context, io::Executor executor)
    : context_(context),
      executor_(std::move(executor)),
      timer_(context.timers.make(executor_)),
      book_(rulebook_of(*context.config)) {}

void Rota::start() { io::spawn(executor_, look_after_forever(), "rota"); }

void Rota::stop() {
  stopping_ = true;
  timer_->wake();
}

io::Task<void> Rota::look_after_forever() {
  auto pause = context_.timers.make(executor_);
  while (!stopping_) {
    const base::Instant begun = context_.clock.steady();
    const auto done = co_await pass();
    if (stopping_) co_return;
    const std::string words = done ? std::string() : base::to_string(done.error());
    if (!words.empty() && words != complaint_) base::log_error("rota: {}", words);
    complaint_ = words;
    const base::Duration took = context_.clock.steady() - begun;
    const bool slept = co_await timer_->wait(until_next());
    if (stopping_) co_return;
    if (slept) continue;
    // What woke us comes in bursts.
    const base::Duration rest = std::min(kEvery, std::max<base::Duration>(kGather, took * kShare));
    co_await pause->wait(rest);
  }
}

// Until the next absence or lease is over, or the next rule may have come of age.
base::Duration Rota::until_next() const {
  const base::Instant now = context_.clock.now();
  base::Duration wait = kEvery;
  const auto sooner = [&](base::Instant at) {
    if (at > now) wait = std::min<base::Duration>(wait, at - now);
  };
  const auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto absences = txn.absences();
    if (!absences) return absences.error();
    const auto leases = txn.leases();
    if (!leases) return leases.error();
    for (const ticket::Absence& one : *absences) {
      if (one.until) sooner(*one.until);
    }
    for (const ticket::Lease& one : *leases) sooner(one.until);
    return {};
  });
  return read ? std::max(wait, kLeast) : kEvery;
}

io::Task<Status> Rota::pass() {
  auto ended = co_await end_what_is_over();
  if (!ended) co_return ended;
  auto work = work_to_do();
  if (!work) co_return work.error();
  for (std::size_t at = 0; at < work->size() && !stopping_; at += kBatch) {
    const auto from = work->begin() + static_cast<std::ptrdiff_t>(at);
    const auto size = std::min(kBatch, work->size() - at);
    std::vector<TicketId> ids(from, from + static_cast<std::ptrdiff_t>(size));
    const base::Instant now = context_.clock.now();
    store::Operation operation = [this, ids, now](store::WriteTxn& txn) {
      return care_for(txn, *context_.config, book_, ids, now);
    };
    const base::Bytes weight(1024 * size);
    auto done = co_await context_.committer.commit_in_background(std::move(operation), weight);
    if (!done) {
      tried_.clear();
      co_return done;
    }
  }
  co_return Status();
}

io::Task<Status> Rota::end_what_is_over() {
  const base::Instant now = context_.clock.now();
  const base::Duration length = context_.config->rota.lease;
  std::vector<ticket::Absence> back;
  std::vector<ticket::Lease> over;
  const auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    auto absences = txn.absences();
    if (!absences) return absences.error();
    auto leases = txn.leases();
    if (!leases) return leases.error();
    for (ticket::Absence& one : *absences) {
      if (ticket::over(one, now)) back.push_back(std::move(one));
    }
    for (ticket::Lease& one : *leases) {
      if (!ticket::in_force(one, now, length)) over.push_back(std::move(one));
    }
    return {};
  });
  if (!read) co_return read;
  if (back.empty() && over.empty()) co_return Status();
  store::Operation operation = [back, over, now](store::WriteTxn& txn) -> Status {
    for (const ticket::Absence& one : back) {
      auto ended = txn.drop_absence(one.person, {{}, "the time is over", now});
      if (!ended && ended.error().code != base::Code::not_found) return ended;
    }
    for (const ticket::Lease& one : over) {
      const auto held = txn.lease(one.ticket);
      if (!held) return held.error();
      if (*held != one) continue;  // renewed, or another's, since we looked
      auto ended = txn.drop_lease(one.ticket, {{}, "the lease of " + one.holder + " is over", now});
      if (!ended) return ended;
    }
    return {};
  };
  const base::Bytes weight(1024);
  co_return co_await context_.committer.commit_in_background(std::move(operation), weight);
}

// The held tickets that something may have to be done to.
Result<std::vector<TicketId>> Rota::work_to_do() {
  const config::Config& config = *context_.config;
  const bool has_book = !book_.rules.empty() || !book_.fields.empty();
  std::vector<TicketId> work;
  if (!has_book && config.people.empty()) return work;
  const bool automatic = config.rota.assignment == config::Assignment::automatic;
  const base::Instant now = context_.clock.now();
  std::map<TicketId, std::vector<std::string>> tried;
  const auto read = context_.store.read([&](const store::ReadTxn& txn) -> Status {
    const auto held = held_tickets(txn);
    if (!held) return held.error();
    const auto roll = roll_of(txn, config, *held, now);
    if (!roll) return roll.error();
    for (const ticket::Ticket& ticket : *held) {
      const auto triage = txn.triage(ticket.id);
      if (!triage) return triage.error();
      bool wanted = is_left_alone(*roll, ticket);
      wanted |= automatic && ticket.assignee.empty() && taker_of(*roll, ticket, *triage) != nullptr;
      if (has_book) {
        const auto conversation = conversation_of(txn, ticket.id);
        if (!conversation) return conversation.error();
        const base::Duration waiting =
            conversation->waiting_since ? now - *conversation->waiting_since : base::Duration{};
        auto ripe = ripe_rules(book_, *triage, roll->level, waiting);
        const auto before = tried_.find(ticket.id);
        wanted |= conversation->last > triage->read_up_to;
        wanted |= !ripe.empty() && (before == tried_.end() || before->second != ripe);
        tried.emplace(ticket.id, std::move(ripe));
      }
      if (wanted) work.push_back(ticket.id);
    }
    return {};
  });
  if (!read) return read.error();
  tried_ = std::move(tried);
  return work;
}

}  // namespace beredd::service
