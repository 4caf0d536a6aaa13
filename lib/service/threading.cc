#include "threading.h"

#include <algorithm>

#include "beredd/base/text.h"
#include "beredd/ticket/thread.h"

namespace beredd::service {

using base::Result;
using base::Status;
using ticket::Custody;
using ticket::State;
using ticket::Ticket;

namespace {

// How many messages of a ticket are looked at for a known party; the oldest and newest know best.
constexpr std::size_t kPartiesFrom = 20;

std::vector<std::string> known_parties(const store::ReadTxn& txn, const Ticket& ticket) {
  std::vector<std::string> parties{base::lower(ticket.requester.address)};
  std::vector<base::MessageId> ids = txn.messages_of(ticket.id);
  if (ids.size() > kPartiesFrom) ids.erase(ids.begin(), ids.end() - kPartiesFrom);
  for (const base::MessageId id : ids) {
    auto sorted = txn.sorted(id);
    if (!sorted || !*sorted) continue;
    const mail::Reading& reading = (*sorted)->reading;
    for (const auto* list : {&reading.from, &reading.to, &reading.cc}) {
      for (const mail::Address& address : *list) parties.push_back(base::lower(address.address));
    }
  }
  return parties;
}

ticket::Findings find(const store::ReadTxn& txn, const std::string& desk,
                      const ticket::Clues& clues) {
  ticket::Findings findings;
  for (const std::string& ancestor : clues.ancestors) {
    if (auto found = txn.ticket_of_message_id(desk, ancestor)) {
      findings.ancestors.push_back({ancestor, *found});
    } else if (auto awaiting = txn.ticket_awaiting(desk, ancestor)) {
      // A sister came first and referred to the same absent parent.
      findings.ancestors.push_back({ancestor, *awaiting});
    }
  }
  if (!clues.message_id.empty()) {
    findings.awaited_by = txn.ticket_awaiting(desk, clues.message_id);
  }
  if (clues.token) {
    auto named = txn.ticket(*clues.token);
    if (named && named->desk == desk) {
      findings.token = ticket::Findings::Token{*clues.token, known_parties(txn, *named)};
    }
  }
  return findings;
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

Result<base::TicketId> ticket_for(store::WriteTxn& txn, const ToJoin& join,
                                  const ticket::Decision& decision) {
  if (!decision.join) return txn.open_ticket(fresh_ticket(join));
  auto joined = txn.ticket(*decision.join);
  if (!joined) return joined.error();
  joined->updated = std::max(joined->updated, join.message.received);
  if (joined->state != State::fresh) joined->state = State::open;  // the customer has written again
  if (failover::holds(join.mode)) joined->custody = Custody::fallback;
  if (auto updated = txn.update_ticket(*joined); !updated) return updated.error();
  return joined->id;
}

}  // namespace

Status join_ticket(store::WriteTxn& txn, const ToJoin& join) {
  const ticket::Clues clues = ticket::clues_of(join.reading);
  const ticket::Decision decision = ticket::decide(clues, find(txn, join.desk.name, clues));
  auto id = ticket_for(txn, join, decision);
  if (!id) return id.error();

  const store::Sorted sorted{*id, decision.reason, join.reading, join.now};
  if (auto put = txn.put_sorted(join.message.id, sorted); !put) return put;

  store::Delivery delivery;
  delivery.message = join.message.id;
  delivery.ticket = *id;
  delivery.target = join.desk.primary;
  delivery.state =
      failover::holds(join.mode) ? store::DeliveryState::held : store::DeliveryState::queued;
  delivery.created = join.message.received;
  delivery.due = join.message.received;
  delivery.changed = join.now;
  return txn.enqueue(delivery);
}

}  // namespace beredd::service
