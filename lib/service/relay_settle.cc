// Writing down what became of the messages that were handed over, and learning from it.

#include "relay_state.h"
#include "retry.h"

#include <algorithm>
#include <utility>

#include "beredd/base/log.h"

namespace beredd::service {

using base::Status;
using failover::Event;
using failover::Mode;
using Kind = io::Handover::Kind;

namespace {

constexpr base::Duration kPause = std::chrono::seconds(1);  // after a failure of the store
// A 5xx just after a recovery proves nothing: a canary is refused this often before it is believed.
constexpr int kCanaryRefusals = 3;
// So many different mails refused, and none taken between: then it is not about the mails.
constexpr int kRefusals = 10;

bool taken(const Settlement& one) {
  return one.handover.kind == Kind::acknowledged || one.handover.kind == Kind::already;
}

// The ticket went back whole when nothing of it waits any more.
Status return_custody(store::WriteTxn& txn, base::TicketId id, std::string_view target) {
  auto ticket = txn.ticket(id);
  if (!ticket) return ticket.error();
  if (ticket->custody != ticket::Custody::fallback || txn.has_lane(target, ticket->id)) return {};
  ticket->custody = ticket::Custody::returned;
  return txn.update_ticket(*ticket);
}

}  // namespace

io::Task<void> Relay::State::settle_forever() {
  // The workers end first: what they still have on its way is written down too.
  while (!stopping || !unsettled.empty() || !busy.empty()) {
    if (unsettled.empty()) {
      co_await settle_timer->wait(kPause);
      continue;
    }
    std::vector<Settlement> settled(unsettled.begin(), unsettled.end());
    unsettled.clear();
    co_await settle(std::move(settled));
  }
}

io::Task<void> Relay::State::settle(std::vector<Settlement> settled) {
  const auto now = context.clock.now();
  const Mode at_mode = mode();
  auto shared = std::make_shared<const std::vector<Settlement>>(std::move(settled));
  store::Operation operation = [this, shared, at_mode, now](store::WriteTxn& txn) -> Status {
    for (const Settlement& one : *shared) {
      if (auto written = write_settlement(txn, one, at_mode, now); !written) return written;
    }
    return {};
  };
  auto written =
      co_await context.committer.commit(std::move(operation), base::Bytes(512 * shared->size()));
  if (!written) {
    if (written.error().fault != base::Fault::transient) {
      co_await settle_each(*shared, written.error());
      co_return;
    }
    // The primary has answered; nothing may be offered again until that is on disk.
    base::log_error("relay {}: {} answers wait to be written down: {}", primary.name,
                    shared->size(), base::to_string(written.error()));
    unsettled.insert(unsettled.begin(), shared->begin(), shared->end());
    co_await settle_timer->wait(kPause);
    co_return;
  }
  for (const Settlement& one : *shared) {
    busy.erase(one.claim.ticket);
    if (one.handover.kind == Kind::unknown) unclear.insert(one.claim.message);
    if (taken(one)) handback.acknowledged(primary.name);
    if (one.handover.kind == Kind::refused) {
      base::log_warning("relay {}: message {} was refused: {}; see handback quarantine list",
                        primary.name, one.claim.message.value(), one.handover.words);
    }
  }
  co_await learn(*shared);
  wake_all();
}

// One of them cannot be written, ever: the others are not held up. It was written by a commit that
// was said to have failed, or the delivery is still offered, and then it is looked up.
io::Task<void> Relay::State::settle_each(std::vector<Settlement> settled, base::Error why) {
  if (settled.size() == 1) {
    base::log_error("relay {}: the answer for message {} is given up: {}", primary.name,
                    settled.front().claim.message.value(), base::to_string(why));
    busy.erase(settled.front().claim.ticket);
    co_return;
  }
  for (Settlement& one : settled) {
    std::vector<Settlement> alone(1, std::move(one));
    co_await settle(std::move(alone));
  }
}

Status Relay::State::write_settlement(store::WriteTxn& txn, const Settlement& one, Mode at_mode,
                                      base::Instant now) const {
  const base::MessageId id = one.claim.message;
  const std::string& words = one.handover.words;
  switch (one.handover.kind) {
    case Kind::acknowledged:
    case Kind::already: {
      if (auto acknowledged = txn.acknowledge(id, primary.name, words, now); !acknowledged) {
        return acknowledged;
      }
      if (one.handover.kind == Kind::already) {
        if (auto proven = txn.prove(id, primary.name, words, now); !proven) return proven;
      }
      return return_custody(txn, one.claim.ticket, primary.name);
    }
    case Kind::deferred: return write_deferral(txn, one, at_mode, now);
    case Kind::refused: {
      if (at_mode != Mode::probation) return write_refusal(txn, one, now);
      auto delivery = txn.delivery(id, primary.name);
      if (!delivery) return delivery.error();
      const bool believed = *delivery && (*delivery)->attempts + 1 >= kCanaryRefusals;
      return believed ? write_refusal(txn, one, now) : write_deferral(txn, one, at_mode, now);
    }
    case Kind::unknown: return {};  // stays offered, and is looked up
  }
  return {};
}

// To the quarantine; the ticket is ours from now on, because the primary does not have all of it.
Status Relay::State::write_refusal(store::WriteTxn& txn, const Settlement& one,
                                   base::Instant now) const {
  const auto& words = one.handover.words;
  if (auto put = txn.quarantine(one.claim.message, primary.name, words, now); !put) return put;
  auto ticket = txn.ticket(one.claim.ticket);
  if (!ticket) return ticket.error();
  ticket->custody = ticket::Custody::fallback;
  return txn.update_ticket(*ticket);
}

Status Relay::State::write_deferral(store::WriteTxn& txn, const Settlement& one, Mode at_mode,
                                    base::Instant now) const {
  auto delivery = txn.delivery(one.claim.message, primary.name);
  if (!delivery) return delivery.error();
  if (!*delivery) return base::bug("a delivery that was offered is gone");
  const int attempts = (*delivery)->attempts + 1;
  const bool too_old = now - (*delivery)->created > primary.give_up;
  if (too_old && attempts > static_cast<int>(primary.retry.size())) {
    const std::string why =
        fmt::format("gave up after {} attempts; last: {}", attempts, one.handover.words);
    const Settlement given_up{one.claim, {one.handover.kind, why, true}, false};
    return write_refusal(txn, given_up, now);
  }
  store::WriteTxn::Deferral deferral;
  deferral.due = now + (one.lost ? reconnect_after(attempts) : wait_after(primary.retry, attempts));
  deferral.hold = failover::holds(at_mode);
  deferral.words = one.handover.words;
  return txn.defer(one.claim.message, primary.name, deferral, now);
}

// One connection that breaks takes many messages with it: a group counts as one failure.
io::Task<void> Relay::State::learn(const std::vector<Settlement>& settled) {
  const Settlement* success = nullptr;
  const Settlement* failure = nullptr;
  for (const Settlement& one : settled) {
    if (taken(one)) {
      ramp.succeeded();
      success = &one;
      refused_in_a_row = 0;
    } else if (one.handover.their_fault) {
      failure = &one;
      if (one.handover.kind == Kind::refused) ++refused_in_a_row;
    }
  }
  if (success != nullptr && mode() == Mode::probation && !canary) canary = success->claim.message;
  if (failure != nullptr) {
    const std::string words = failure->handover.words;
    if (success == nullptr) ramp.failed();
    const bool hurt = mode() == Mode::probation || (mode() == Mode::handback && ramp.hurt());
    if (hurt) {
      auto reported = co_await modes.report(primary.name, Event::hurt, words);
      static_cast<void>(reported.ok());  // it counts in any case, and was logged there
    }
  }
  // A 5xx is a word about one message, unless nothing else is heard; silence and 4xx are words
  // about the primary.
  const bool about_primary = failure != nullptr && (failure->handover.kind != Kind::refused ||
                                                    refused_in_a_row >= kRefusals);
  if (success != nullptr) {
    co_await observe_passive(true, success->handover.words);
  } else if (about_primary) {
    co_await observe_passive(false, failure->handover.words);
  }
}

io::Task<void> Relay::State::observe_passive(bool ok, std::string saw) {
  // Elsewhere a failure is reported as such; that mail goes through is always news.
  if (!ok && mode() != Mode::normal && mode() != Mode::suspect) co_return;
  failover::Observation seen{"delivery", ok, context.clock.now(), std::move(saw), true};
  auto observed = co_await modes.observe(primary.name, std::move(seen));
  static_cast<void>(observed.ok());  // it counts in any case, and was logged there
}

}  // namespace beredd::service
