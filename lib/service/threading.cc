#include "threading.h"

#include "copies.h"
#include "evidence.h"

#include <algorithm>

#include <fmt/format.h>

#include "beredd/base/text.h"
#include "beredd/service/outgoing.h"
#include "beredd/ticket/thread.h"

namespace beredd::service {

using base::Result;
using base::Status;
using base::TicketId;
using ticket::Custody;
using ticket::State;
using ticket::Ticket;

namespace {

// A longer ticket is not moved in one go; it is linked.
constexpr std::size_t kMostMoved = 1000;

bool says_undelivered(const mail::Reading& reading) {
  return reading.report && reading.report->outcome == mail::Outcome::failed;
}

Ticket fresh_ticket(const ToJoin& join) {
  Ticket fresh;
  fresh.desk = join.desk.name;
  fresh.subject = join.reading.subject;
  fresh.custody = failover::holds(join.mode) ? Custody::fallback : Custody::primary;
  if (!join.reading.from.empty()) {
    fresh.requester = join.reading.from.front();
  } else if (join.message.envelope.reverse_path) {
    fresh.requester.address = join.message.envelope.reverse_path->text();
  }
  fresh.created = join.message.received;
  fresh.updated = join.message.received;
  return fresh;
}

void link(Ticket& ticket, TicketId other) {
  const bool linked = std::ranges::find(ticket.linked, other) != ticket.linked.end();
  if (other != ticket.id && !linked) ticket.linked.push_back(other);
}

Status link_both(store::WriteTxn& txn, TicketId a, TicketId b) {
  for (const auto& [one, other] : {std::pair(a, b), std::pair(b, a)}) {
    auto ticket = txn.ticket(one);
    if (!ticket) return ticket.error();
    link(*ticket, other);
    if (auto updated = txn.update_ticket(*ticket); !updated) return updated;
  }
  return {};
}

// Somebody at the desk has it in hand.
bool worked_on(const Ticket& ticket) {
  return !ticket.assignee.empty() || ticket.line > 1 ||
         (ticket.state != State::fresh && ticket.state != State::open);
}

// A mail shows that `other` and the ticket that it joins are one. A stranger may not make one of
// two tickets that somebody at the desk answers: what is said in the one is not for the other.
bool may_merge(const store::ReadTxn& txn, const ticket::Findings& findings, const Ticket& joined,
               const Ticket& other) {
  const auto knows = [&](TicketId id) {
    const ticket::Findings::About* about = findings.about(id);
    return about != nullptr && about->sender_is_party;
  };
  const bool asked_for = findings.awaited_by == other.id || findings.awaited_by == joined.id;
  const bool untouched = !worked_on(joined) && !worked_on(other);
  const bool allowed = untouched || asked_for || (knows(joined.id) && knows(other.id));
  return allowed && txn.messages_of(joined.id).size() <= kMostMoved &&
         txn.messages_of(other.id).size() <= kMostMoved;
}

// Returns the ticket that is left.
Result<TicketId> merge_others(store::WriteTxn& txn, const ToJoin& join,
                              const ticket::Findings& findings, const ticket::Decision& decision,
                              TicketId joined) {
  TicketId kept = joined;
  for (const TicketId id : decision.linked) {
    auto ours = txn.ticket(kept);
    if (!ours) return ours.error();
    auto other = txn.ticket(id);
    if (!other) return other.error();
    if (ours->id == other->id || ours->desk != other->desk) continue;
    if (!may_merge(txn, findings, *ours, *other)) {
      if (auto linked = link_both(txn, ours->id, other->id); !linked) return linked.error();
      continue;
    }
    const TicketId into = std::min(ours->id, other->id), from = std::max(ours->id, other->id);
    const std::string why = fmt::format("message {} belongs to both", join.message.id.value());
    const store::Act act{{}, why, join.now};
    if (auto merged = txn.merge_ticket(from, into, act); !merged) return merged.error();
    kept = into;
  }
  return kept;
}

Result<TicketId> open_ticket(store::WriteTxn& txn, const ToJoin& join,
                             const ticket::Decision& decision) {
  auto opened = txn.open_ticket(fresh_ticket(join));
  if (!opened) return opened;
  for (const TicketId other : decision.linked) {
    if (auto linked = link_both(txn, *opened, other); !linked) return linked.error();
  }
  return opened;
}

// It left here once: it bears a mark that we put on what we send (X-Loop with an address of a desk,
// X-Beredd-Ticket), and came back to us.
bool came_back(const store::ReadTxn& txn, const ToJoin& join) {
  return std::ranges::any_of(join.reading.loop_marks, [&](const std::string& mark) {
    if (is_own_address(join.config, mark)) return true;
    const auto numbers = ticket::signed_numbers(mark);
    return std::ranges::any_of(numbers, [&](const ticket::Named& named) {
      return txn.ticket_proof(named.ticket) == named.proof;
    });
  });
}

// A person has written, as far as can be seen: a machine opens nothing again, and what has the null
// path is to have no consequence (RFC 5321 §4.5.5).
bool wakes(const store::ReadTxn& txn, const ToJoin& join) {
  return !mail::is_automatic(join.reading.kind) && join.message.envelope.reverse_path &&
         !came_back(txn, join);
}

Status note_reopening(store::WriteTxn& txn, const ToJoin& join, const Ticket& ticket) {
  store::JournalEntry entry;
  entry.at = join.now;
  entry.what = "reopened";
  entry.message = join.message.id;
  entry.ticket = ticket.id;
  entry.detail = fmt::format("it was {}", ticket::name(ticket.state));
  return txn.note(std::move(entry));
}

// The message that a report is about.
base::MessageId concerned(const store::ReadTxn& txn, const ToJoin& join) {
  if (!join.reading.report) return {};
  for (const std::string& id : join.reading.report->message_ids) {
    const auto found = txn.messages_with_id(join.desk.name, id);
    if (!found.empty()) return found.front();
  }
  return {};
}

// One of what staff wrote: that a notice did not arrive is nobody's loss.
bool says_answer_undelivered(const store::ReadTxn& txn, const ToJoin& join) {
  if (!says_undelivered(join.reading)) return false;
  const base::MessageId about = concerned(txn, join);
  const auto message = about ? txn.message(about) : base::Result<store::Message>(store::Message());
  return !message || !is_notice(*message);
}

// What the mail does to the ticket that it joined.
Status touch_ticket(store::WriteTxn& txn, const ToJoin& join, TicketId id) {
  auto joined = txn.ticket(id);
  if (!joined) return joined.error();
  // Later in any case: who acts on what they saw of the ticket is to hear of this mail.
  joined->updated = std::max(joined->updated + std::chrono::microseconds(1), join.message.received);
  const bool sleeps = joined->state != State::fresh && joined->state != State::open;
  if (sleeps && wakes(txn, join)) {
    if (auto noted = note_reopening(txn, join, *joined); !noted) return noted;
    joined->state = State::open;
    joined->pending_until.reset();
  }
  if (failover::holds(join.mode)) joined->custody = Custody::fallback;
  joined->undelivered |= says_answer_undelivered(txn, join);
  return txn.update_ticket(*joined);
}

Status record_copy(store::WriteTxn& txn, const ToJoin& join, base::MessageId first) {
  auto sorted = txn.sorted(first);
  if (!sorted) return sorted.error();
  store::Sorted copy{(*sorted)->ticket, fmt::format("the same mail as message {}", first.value()),
                     join.reading, join.now};
  copy.copy_of = first;
  return txn.put_sorted(join.message.id, copy);
}

Status enqueue(store::WriteTxn& txn, const ToJoin& join, TicketId id) {
  store::Delivery delivery;
  delivery.message = join.message.id;
  delivery.ticket = id;
  delivery.target = join.desk.primary;
  delivery.state =
      failover::holds(join.mode) ? store::DeliveryState::held : store::DeliveryState::queued;
  delivery.created = join.message.received;
  delivery.due = join.message.received;
  delivery.changed = join.now;
  return txn.enqueue(delivery);
}

}  // namespace

Status join_ticket(store::WriteTxn& txn, const ToJoin& join) {
  auto copy = earlier_copy(txn, join.message, join.reading, join.desk.primary);
  if (!copy) return copy.error();
  if (*copy) return record_copy(txn, join, **copy);

  const ticket::Clues clues =
      ticket::clues_of(join.reading, join.message.envelope.forward_paths, join.message.received);
  const ticket::Findings findings = find_evidence(txn, join.config, join.desk, clues);
  const ticket::Policy policy{join.desk.new_participant == config::Oddity::join,
                              join.desk.changed_subject == config::Oddity::join};
  const ticket::Decision decision = ticket::decide(clues, findings, policy);
  auto id = decision.join ? merge_others(txn, join, findings, decision, *decision.join)
                          : open_ticket(txn, join, decision);
  if (!id) return id.error();
  if (decision.join) {
    if (auto touched = touch_ticket(txn, join, *id); !touched) return touched;
  }

  store::Sorted sorted{*id, decision.reason, join.reading, join.now};
  sorted.new_participant = decision.new_participant;
  sorted.concerns = concerned(txn, join);
  if (auto put = txn.put_sorted(join.message.id, sorted); !put) return put;
  const auto remembered = remember_parties(txn, join.config, join.desk, clues, join.reading,
                                           join.message.envelope, *id);
  if (!remembered) return remembered;
  return enqueue(txn, join, *id);
}

}  // namespace beredd::service
