#include "fate.h"

#include "outgoing_parts.h"
#include "retry.h"

#include <optional>
#include <string>

#include <fmt/format.h>

#include "beredd/service/outgoing.h"

namespace beredd::service {

using base::Status;
using Kind = io::Handover::Kind;

namespace {

// "It has arrived" is no news any more.
constexpr base::Duration kNoticeGivesUp = std::chrono::hours(4);

// A report that came after the mail was written says that one of the ticket's did not arrive.
base::Result<bool> reported_since(const store::ReadTxn& txn, base::TicketId id,
                                  base::MessageId sent) {
  for (const base::MessageId later : txn.messages_of(id)) {
    if (later <= sent) continue;
    const auto sorted = txn.sorted(later);
    if (!sorted) return sorted.error();
    const bool report = *sorted && (*sorted)->reading.report.has_value();
    if (report && (*sorted)->reading.report->outcome == mail::Outcome::failed) return true;
  }
  return false;
}

// What a machine said by itself: nobody waits for it, and no person sees to it.
base::Result<bool> concerns_notice(const store::ReadTxn& txn, base::MessageId id) {
  const auto message = txn.message(id);
  if (!message) return message.error();
  return is_notice(*message);
}

// A later mail of the ticket waits for its way out: what holds it up would be told too late anyway.
base::Result<bool> is_overtaken(const store::ReadTxn& txn, const Fate& fate) {
  for (const base::MessageId later : txn.messages_of(fate.ticket)) {
    if (later <= fate.message) continue;
    const auto delivery = txn.delivery(later, kOutgoing);
    if (!delivery) return delivery.error();
    if (*delivery && (*delivery)->state == store::DeliveryState::queued) return true;
  }
  return false;
}

// Why a notice that did not leave this time is given up. Nothing: it is tried again, or is none.
base::Result<std::optional<std::string>> stale(const store::ReadTxn& txn, const Fate& fate,
                                               const store::Delivery& delivery, base::Instant now) {
  const auto notice = concerns_notice(txn, fate.message);
  if (!notice) return notice.error();
  if (!*notice) return std::optional<std::string>();
  const auto overtaken = is_overtaken(txn, fate);
  if (!overtaken) return overtaken.error();
  if (*overtaken) return std::optional("an answer overtook it: " + fate.words);
  if (now - delivery.created <= kNoticeGivesUp) return std::optional<std::string>();
  return std::optional("no news any more: " + fate.words);
}

Status mark(store::WriteTxn& txn, base::TicketId id, bool undelivered) {
  auto ticket = txn.ticket(id);
  if (!ticket) return ticket.error();
  if (ticket->undelivered == undelivered) return {};
  ticket->undelivered = undelivered;
  return txn.update_ticket(*ticket);
}

Status write_taken(store::WriteTxn& txn, const Fate& fate, base::Instant now) {
  if (auto taken = txn.acknowledge(fate.message, kOutgoing, fate.words, now); !taken) return taken;
  const auto notice = concerns_notice(txn, fate.message);
  if (!notice) return notice.error();
  if (*notice) return {};
  const auto reported = reported_since(txn, fate.ticket, fate.message);
  if (!reported) return reported.error();
  return *reported ? Status() : mark(txn, fate.ticket, false);
}

Status write_lost(store::WriteTxn& txn, const Fate& fate, std::string_view why, base::Instant now) {
  if (auto put = txn.quarantine(fate.message, kOutgoing, why, now); !put) return put;
  const auto notice = concerns_notice(txn, fate.message);
  if (!notice) return notice.error();
  if (*notice) return txn.suppress(fate.message, kOutgoing, why, now);
  return mark(txn, fate.ticket, true);
}

Status write_later(store::WriteTxn& txn, const Fate& fate, const config::Outgoing& outgoing,
                   base::Instant now) {
  const auto delivery = txn.delivery(fate.message, kOutgoing);
  if (!delivery) return delivery.error();
  if (!*delivery) return base::bug("a delivery that was offered is gone");
  const int attempts = (*delivery)->attempts + 1;
  const auto given_up = stale(txn, fate, **delivery, now);
  if (!given_up) return given_up.error();
  if (*given_up) return write_lost(txn, fate, **given_up, now);
  if (now - (*delivery)->created > outgoing.give_up) {
    const std::string why =
        fmt::format("gave up after {} attempts; last: {}", attempts, fate.words);
    return write_lost(txn, fate, why, now);
  }
  store::WriteTxn::Deferral deferral;
  deferral.due = now + wait_after(outgoing.retry, attempts);
  deferral.words = fate.words;
  return txn.defer(fate.message, kOutgoing, deferral, now);
}

// The others are tried; what one domain lost is known to its ticket at once.
Status go_on(store::WriteTxn& txn, const Fate& fate, const Parts& parts, base::Instant due,
             base::Instant now) {
  store::WriteTxn::Deferral deferral;
  deferral.due = due;
  deferral.attempted = fate.kind == Kind::deferred;
  deferral.words = words_of(parts);
  if (auto put = txn.defer(fate.message, kOutgoing, deferral, now); !put) return put;
  const bool lost = fate.kind == Kind::refused || fate.kind == Kind::unknown;
  return lost ? mark(txn, fate.ticket, true) : Status();
}

Status write_part(store::WriteTxn& txn, const Fate& fate, const config::Outgoing& outgoing,
                  base::Instant now) {
  const auto delivery = txn.delivery(fate.message, kOutgoing);
  if (!delivery) return delivery.error();
  if (!*delivery) return base::bug("a delivery that was offered is gone");
  auto parts = parts_in(txn, **delivery, now);
  if (!parts) return parts.error();
  settle_parts(*parts, fate.domains, {fate.kind, fate.words, now}, (*delivery)->created, outgoing);
  if (auto put = txn.put_parts(fate.message, kOutgoing, *parts, now); !put) return put;
  if (const auto due = next_part_due(*parts)) {
    const auto given_up = stale(txn, fate, **delivery, now);
    if (!given_up) return given_up.error();
    return *given_up ? write_lost(txn, fate, **given_up, now) : go_on(txn, fate, *parts, *due, now);
  }
  Fate whole = fate;
  whole.words = words_of(*parts);
  if (domains_in(*parts, store::PartState::taken).size() == parts->size()) {
    return write_taken(txn, whole, now);
  }
  return write_lost(txn, whole, whole.words, now);
}

}  // namespace

base::Result<Parts> parts_in(const store::ReadTxn& txn, const store::Delivery& delivery,
                             base::Instant now) {
  if (!delivery.parts.empty()) return delivery.parts;
  const auto message = txn.message(delivery.message);
  if (!message) return message.error();
  return parts_of(message->envelope, now);
}

Status write_fate(store::WriteTxn& txn, const Fate& fate, const config::Outgoing& outgoing,
                  base::Instant now) {
  if (!fate.domains.empty()) return write_part(txn, fate, outgoing, now);
  switch (fate.kind) {
    case Kind::acknowledged:
    case Kind::already: return write_taken(txn, fate, now);
    case Kind::deferred: return write_later(txn, fate, outgoing, now);
    case Kind::refused: return write_lost(txn, fate, fate.words, now);
    case Kind::unknown:
      return write_lost(txn, fate, fmt::format("possibly sent: {}", fate.words), now);
  }
  return {};
}

}  // namespace beredd::service
