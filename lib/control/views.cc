#include "views.h"

#include "beredd/service/desk_address.h"
#include "beredd/ticket/token.h"

namespace beredd::control {
namespace {

api::Evidence evidence_view(const failover::Observation& seen) {
  return {seen.check, seen.ok, seen.at, seen.saw};
}

std::vector<api::Evidence> evidence_views(const std::vector<failover::Observation>& seen) {
  std::vector<api::Evidence> views;
  for (const failover::Observation& one : seen) views.push_back(evidence_view(one));
  return views;
}

}  // namespace

api::Ticket ticket_view(const ticket::Ticket& ticket) {
  api::Ticket view;
  view.id = ticket.id.value();
  view.desk = ticket.desk;
  view.subject = ticket.subject;
  view.state = ticket::name(ticket.state);
  view.custody = ticket::name(ticket.custody);
  view.line = ticket.line;
  view.priority = ticket::name(ticket.priority);
  view.assignee = ticket.assignee;
  view.tags = ticket.tags;
  view.requester = {ticket.requester.name, ticket.requester.address};
  view.created = ticket.created;
  view.updated = ticket.updated;
  view.undelivered = ticket.undelivered;
  for (const base::TicketId id : ticket.linked) view.linked.push_back(id.value());
  for (const base::TicketId id : ticket.merged) view.merged.push_back(id.value());
  if (ticket.state == ticket::State::pending) view.pending_until = ticket.pending_until;
  return view;
}

namespace {

// How the ticket's number travels in mail.
void add_tokens(api::Ticket& view, const store::ReadTxn& txn, const config::Config& config,
                const ticket::Ticket& ticket) {
  const ticket::Named named{ticket.id, txn.ticket_proof(ticket.id)};
  view.token = ticket::subject_token(named);
  const config::Desk* desk = service::desk_named(config, ticket.desk);
  if (desk == nullptr) return;
  if (const auto reply = service::signed_address(*desk, named)) view.reply_address = reply->text();
}

// A copy is no message of the conversation; it stands with the one that it is a copy of.
void add_message(std::vector<api::Message>& messages, api::Message message) {
  if (message.copy_of) {
    for (api::Message& first : messages) {
      if (first.id == *message.copy_of) return first.copies.push_back(message.id);
    }
  }
  messages.push_back(std::move(message));
}

}  // namespace

base::Result<std::vector<api::HistoryEntry>> history_view(const store::ReadTxn& txn,
                                                          base::TicketId id) {
  constexpr std::size_t kWhole = 100'000;
  const auto entries = txn.history(id, {}, kWhole);
  if (!entries) return entries.error();
  std::vector<api::HistoryEntry> out;
  out.reserve(entries->size());
  for (const store::JournalEntry& entry : *entries) {
    api::HistoryEntry line{entry.seq.value(), entry.at,    entry.who, entry.what, {},
                           entry.target,      entry.detail};
    if (entry.message) line.message = entry.message.value();
    out.push_back(std::move(line));
  }
  return out;
}

base::Result<api::Ticket> ticket_view(const store::ReadTxn& txn, const config::Config& config,
                                      base::TicketId id) {
  const auto ticket = txn.ticket(id);
  if (!ticket) return ticket.error();
  api::Ticket view = ticket_view(*ticket);
  add_tokens(view, txn, config, *ticket);
  auto& messages = view.messages.emplace();
  for (const base::MessageId message : txn.messages_of(id)) {
    auto one = message_view(txn, config, message, Text::included);
    if (!one) return one.error();
    add_message(messages, *std::move(one));
  }
  auto history = history_view(txn, id);
  if (!history) return history.error();
  view.history = *std::move(history);
  view.notice = notice_view(*view.history);
  return view;
}

api::PrimaryStatus primary_view(const service::PrimaryStanding& standing) {
  return {standing.primary,        std::string(failover::name(standing.standing.mode)),
          standing.standing.since, standing.standing.pinned,
          standing.frozen,         evidence_views(standing.evidence)};
}

api::Transition transition_view(const store::TransitionRecord& record) {
  const failover::Transition& moved = record.transition;
  return {record.primary,
          std::string(failover::name(moved.from)),
          std::string(failover::name(moved.to)),
          moved.at,
          moved.why,
          evidence_views(moved.evidence)};
}

api::CheckStatus check_view(const service::CheckView& check) {
  api::CheckStatus view;
  view.primary = check.primary;
  view.check = check.check;
  view.kind = config::name(check.kind);
  view.looks_at = check.looks_at;
  view.every = base::to_string(check.every);
  if (check.last) {
    view.ok = check.last->ok;
    view.at = check.last->at;
    view.saw = check.last->saw;
  }
  return view;
}

api::HandbackStatus handback_view(const service::HandbackView& from) {
  api::HandbackStatus view;
  view.primary = from.primary;
  view.held = from.counts.held;
  view.queued = from.counts.queued;
  view.offered = from.counts.offered;
  view.acknowledged = from.counts.acknowledged;
  view.proven = from.counts.proven;
  view.quarantined = from.counts.quarantined;
  view.oldest = from.oldest;
  view.rate = from.rate;
  view.suppressed = from.counts.suppressed;
  view.expired = from.counts.expired;
  view.paused = from.paused;
  view.needs_run = from.needs_run;
  return view;
}

api::Plan plan_view(const service::Plan& plan) {
  api::Plan view{plan.primary, plan.messages, {}};
  for (const service::PlannedTicket& planned : plan.tickets) {
    api::PlannedTicket ticket{planned.ticket.value(), planned.subject, {}, planned.size};
    for (const base::MessageId id : planned.messages) ticket.messages.push_back(id.value());
    view.tickets.push_back(std::move(ticket));
  }
  return view;
}

}  // namespace beredd::control
