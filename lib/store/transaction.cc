#include "transaction.h"

namespace beredd::store {

base::Result<std::vector<JournalEntry>> Transaction::journal(base::JournalSeq after,
                                                             std::size_t limit) const {
  return read_journal(tables_, change_.counters, after, limit);
}

base::Status Transaction::put_chunk(const SealedChunk& chunk) {
  if (change_.scarce) return too_scarce();
  return store::put_chunk(change_, chunk);
}

base::Status Transaction::drop_body(base::BodyId id) { return store::drop_body(change_, id); }

base::Result<base::MessageId> Transaction::accept(Message message) {
  if (change_.scarce) return too_scarce();
  return accept_message(change_, std::move(message));
}

base::Status Transaction::mark_sort_attempt(base::MessageId id) {
  return store::mark_sort_attempt(change_, id);
}

base::Result<base::TicketId> Transaction::open_ticket(ticket::Ticket ticket) {
  return store::open_ticket(change_, std::move(ticket));
}

base::Status Transaction::update_ticket(const ticket::Ticket& ticket) {
  return store::update_ticket(change_, ticket);
}

base::Status Transaction::merge_ticket(base::TicketId from, base::TicketId into, const Act& act) {
  if (change_.scarce) return too_scarce();
  return store::merge_ticket(change_, from, into, act);
}

base::Status Transaction::move_message(base::MessageId message, base::TicketId into,
                                       const Act& act) {
  if (change_.scarce) return too_scarce();
  return store::move_message(change_, message, into, act);
}

base::Status Transaction::put_sighting(std::string_view desk, std::string_view party,
                                       std::string_view subject, const Sighting& sighting) {
  if (change_.scarce) return too_scarce();
  return store::put_sighting(change_, desk, party, subject, sighting);
}

base::Status Transaction::put_sorted(base::MessageId id, const Sorted& sorted) {
  if (change_.scarce) return too_scarce();
  return store::put_sorted(change_, id, sorted);
}

base::Result<base::MessageId> Transaction::add_message(Message message, Sorted sorted) {
  if (change_.scarce) return too_scarce();
  return store::add_message(change_, std::move(message), std::move(sorted));
}

base::Status Transaction::put_bulk_action(const BulkAction& action) {
  if (change_.scarce) return too_scarce();
  return store::put_bulk_action(change_, action);
}

base::Status Transaction::drop_bulk_action(std::string_view who) {
  return store::drop_bulk_action(change_, who);
}

base::Status Transaction::enqueue(const Delivery& delivery) {
  return enqueue_delivery(change_, delivery);
}

base::Status Transaction::offer(base::MessageId id, std::string_view target, base::Instant at) {
  return take_step(change_, id, target, {Step::offer, DeliveryState::offered, at, {}},
                   [](Delivery&) {});
}

base::Status Transaction::acknowledge(base::MessageId id, std::string_view target,
                                      std::string_view receipt, base::Instant at) {
  return take_step(change_, id, target,
                   {Step::acknowledge, DeliveryState::acknowledged, at, receipt},
                   [&](Delivery& delivery) { delivery.receipt = receipt; });
}

base::Status Transaction::prove(base::MessageId id, std::string_view target, std::string_view proof,
                                base::Instant at) {
  return take_step(change_, id, target, {Step::prove, DeliveryState::proven, at, proof},
                   [&](Delivery& delivery) { delivery.proof = proof; });
}

base::Status Transaction::defer(base::MessageId id, std::string_view target,
                                const Deferral& deferral, base::Instant at) {
  DeliveryState state = deferral.hold ? DeliveryState::held : DeliveryState::queued;
  return take_step(change_, id, target, {Step::defer, state, at, deferral.words},
                   [&](Delivery& delivery) {
                     delivery.due = deferral.due;
                     delivery.words = deferral.words;
                     if (deferral.attempted) ++delivery.attempts;
                   });
}

base::Status Transaction::quarantine(base::MessageId id, std::string_view target,
                                     std::string_view why, base::Instant at) {
  return take_step(change_, id, target, {Step::quarantine, DeliveryState::quarantined, at, why},
                   [&](Delivery& delivery) { delivery.words = why; });
}

base::Status Transaction::put_parts(base::MessageId id, std::string_view target,
                                    std::vector<DeliveryPart> parts, base::Instant at) {
  return store::put_parts(change_, id, target, std::move(parts), at);
}

base::Status Transaction::retry(base::MessageId id, std::string_view target, base::Instant at) {
  return take_step(change_, id, target, {Step::retry, DeliveryState::queued, at, {}},
                   [&](Delivery& delivery) {
                     delivery.due = at;
                     reopen_parts(delivery, at);
                   });
}

base::Status Transaction::suppress(base::MessageId id, std::string_view target,
                                   std::string_view why, base::Instant at) {
  return take_step(change_, id, target, {Step::suppress, DeliveryState::suppressed, at, why},
                   [&](Delivery& delivery) { delivery.words = why; });
}

base::Result<std::optional<WriteTxn::LanePosition>> Transaction::hold_lanes(
    std::string_view target, bool hold, LanePosition after, std::size_t limit, base::Instant at) {
  return store::hold_lanes(change_, target, hold, after, limit, at);
}

base::Status Transaction::put_standing(std::string_view primary,
                                       const failover::Standing& standing) {
  return store::put_standing(change_, primary, standing);
}

base::Status Transaction::add_transition(const TransitionRecord& record) {
  return store::add_transition(change_, record);
}

base::Status Transaction::put_switches(std::string_view primary, const Switches& switches) {
  return store::put_switches(change_, primary, switches);
}

base::Status Transaction::put_abilities(std::string_view primary, const Abilities& abilities) {
  return store::put_abilities(change_, primary, abilities);
}

base::Status Transaction::note(JournalEntry entry) {
  return write_journal(change_, std::move(entry));
}

}  // namespace beredd::store
