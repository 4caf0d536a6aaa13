#pragma once
// ReadTxn and WriteTxn over the tables: every member says which family of functions answers it.

#include "bodies.h"
#include "deadlines.h"
#include "deliveries.h"
#include "journal.h"
#include "lanes.h"
#include "messages.h"
#include "meta.h"
#include "modes.h"
#include "notices.h"
#include "parts.h"
#include "rota.h"
#include "tickets.h"

#include "beredd/store/store.h"

namespace beredd::store {

// The queries, for either interface.
template <typename Interface>
class Queries : public Interface {
 public:
  explicit Queries(const Tables& tables) : tables_(tables) {}

  base::Result<Message> message(base::MessageId id) const override {
    return read_message(tables_, id);
  }
  base::Result<std::optional<Sorted>> sorted(base::MessageId id) const override {
    return read_sorted(tables_, id);
  }
  base::Result<std::string> chunk(const BodyRef& body, std::uint32_t index) const override {
    return read_chunk(tables_, body, index);
  }
  std::vector<base::MessageId> messages(base::MessageId after, std::size_t limit) const override {
    return messages_behind(tables_, after, limit);
  }
  std::vector<base::MessageId> latest_messages(base::MessageId before,
                                               std::size_t limit) const override {
    return messages_before(tables_, before, limit);
  }
  std::vector<base::MessageId> unsorted(base::MessageId after, std::size_t limit) const override {
    return unsorted_behind(tables_, after, limit);
  }
  int sort_attempts(base::MessageId id) const override { return store::sort_attempts(tables_, id); }

  base::Result<ticket::Ticket> ticket(base::TicketId id) const override {
    return read_ticket(tables_, id);
  }
  base::Result<std::vector<ticket::Ticket>> tickets(const TicketQuery& query) const override {
    return list_tickets(tables_, query);
  }
  std::vector<base::MessageId> messages_of(base::TicketId id) const override {
    return store::messages_of(tables_, id);
  }
  base::Result<std::vector<JournalEntry>> history(base::TicketId id, base::JournalSeq after,
                                                  std::size_t limit) const override {
    return read_history(tables_, id, after, limit);
  }
  std::vector<base::TicketId> to_reopen(base::Instant until, std::size_t limit) const override {
    return store::to_reopen(tables_, until, limit);
  }
  std::optional<base::Instant> next_reopening() const override {
    return store::next_reopening(tables_);
  }
  base::Result<std::optional<BulkAction>> bulk_action(std::string_view who) const override {
    return read_bulk_action(tables_, who);
  }
  std::optional<base::TicketId> ticket_of_message_id(std::string_view desk,
                                                     std::string_view message_id) const override {
    std::optional<base::TicketId> seen = ticket_seen(tables_, desk, message_id);
    return seen ? seen : store::ticket_awaiting(tables_, desk, message_id);
  }
  std::optional<base::TicketId> ticket_awaiting(std::string_view desk,
                                                std::string_view message_id) const override {
    return store::ticket_awaiting(tables_, desk, message_id);
  }
  std::optional<base::TicketId> ticket_of_conversation(
      std::string_view desk, std::string_view thread_index) const override {
    return store::ticket_of_conversation(tables_, desk, thread_index);
  }
  std::vector<Sighting> sightings(std::string_view desk, std::string_view party,
                                  std::string_view subject, std::size_t limit) const override {
    return store::sightings(tables_, desk, party, subject, limit);
  }
  bool sighted(std::string_view desk, std::string_view party,
               const ticket::Ticket& ticket) const override {
    return store::sighted(tables_, desk, party, ticket);
  }
  std::string ticket_proof(base::TicketId id) const override {
    return store::ticket_proof(tables_, id);
  }
  std::vector<base::MessageId> messages_with_id(std::string_view desk,
                                                std::string_view message_id) const override {
    return store::messages_with_id(tables_, desk, message_id);
  }

  base::Result<std::vector<ticket::Absence>> absences() const override {
    return list_absences(tables_);
  }
  base::Result<std::vector<ticket::Lease>> leases() const override { return list_leases(tables_); }
  base::Result<std::optional<ticket::Lease>> lease(base::TicketId id) const override {
    return read_lease(tables_, id);
  }
  base::Result<StaffingChoice> staffing() const override { return read_staffing(tables_); }
  base::Result<Triage> triage(base::TicketId id) const override { return read_triage(tables_, id); }

  base::Result<std::optional<Delivery>> delivery(base::MessageId id,
                                                 std::string_view target) const override {
    return read_delivery(tables_, id, target);
  }
  base::Result<std::vector<Lane>> lanes(
      std::string_view target, base::Instant until, std::size_t limit,
      const std::function<bool(base::TicketId)>& busy) const override {
    return due_lanes(tables_, target, until, limit, busy);
  }
  bool has_lane(std::string_view target, base::TicketId ticket) const override {
    return store::has_lane(tables_, target, ticket);
  }
  std::optional<base::Instant> next_due(std::string_view target) const override {
    return first_due(tables_, target);
  }
  base::Result<std::vector<Delivery>> deliveries(std::string_view target, DeliveryState state,
                                                 base::MessageId after,
                                                 std::size_t limit) const override {
    return list_deliveries(tables_, target, state, after, limit);
  }
  DeliveryCounts counts(std::string_view target) const override {
    return count_deliveries(tables_, target);
  }
  std::optional<base::Instant> oldest_waiting(std::string_view target) const override {
    return store::oldest_waiting(tables_, target);
  }

  base::Result<std::optional<failover::Standing>> standing(
      std::string_view primary) const override {
    return read_standing(tables_, primary);
  }
  Switches switches(std::string_view primary) const override {
    return read_switches(tables_, primary);
  }
  base::Result<std::optional<Abilities>> abilities(std::string_view primary) const override {
    return read_abilities(tables_, primary);
  }
  base::Result<std::vector<TransitionRecord>> transitions(std::string_view primary,
                                                          std::size_t limit) const override {
    return list_transitions(tables_, primary, limit);
  }

  base::Result<std::optional<TicketDeadlines>> deadlines(base::TicketId id) const override {
    return read_deadlines(tables_, id);
  }
  std::vector<Due> dues(const std::optional<Due>& after, std::size_t limit) const override {
    return list_dues(tables_, after, limit);
  }
  DueCounts due_counts(base::Instant now) const override { return count_dues(tables_, now); }
  std::vector<base::TicketId> to_wake(base::Instant until, std::size_t limit) const override {
    return store::to_wake(tables_, until, limit);
  }
  std::optional<base::Instant> next_wake() const override { return store::next_wake(tables_); }
  base::Result<std::vector<ServiceEvent>> service_events(base::JournalSeq after,
                                                         std::size_t limit) const override {
    return list_service_events(tables_, after, limit);
  }
  base::Result<Bookmark> bookmark(std::string_view follower) const override {
    return read_bookmark(tables_, follower);
  }

  std::optional<base::Instant> last_notice(std::string_view sender) const override {
    return store::last_notice(tables_, sender);
  }
  std::uint64_t notices_since(std::string_view desk, base::Instant since,
                              std::uint64_t most) const override {
    return store::notices_since(tables_, desk, since, most);
  }

  std::uint64_t message_count() const override { return tables_.rows(Table::messages); }
  std::uint64_t ticket_count() const override { return tables_.rows(Table::tickets); }

 protected:
  const Tables& tables_;
};

class Snapshot final : public Queries<ReadTxn> {
 public:
  using Queries::Queries;
  base::Result<std::vector<JournalEntry>> journal(base::JournalSeq after,
                                                  std::size_t limit) const override {
    base::Result<Counters> end = read_counters(tables_);
    if (!end) return end.error();
    return read_journal(tables_, *end, after, limit);
  }
  base::Result<base::JournalSeq> journal_end() const override {
    base::Result<Counters> end = read_counters(tables_);
    if (!end) return end.error();
    return base::JournalSeq(end->journal_seq);
  }
};

class Transaction final : public Queries<WriteTxn> {
 public:
  explicit Transaction(Change& change) : Queries(change.tables), change_(change) {}

  base::Result<std::vector<JournalEntry>> journal(base::JournalSeq after,
                                                  std::size_t limit) const override;
  base::Result<base::JournalSeq> journal_end() const override {
    return base::JournalSeq(change_.counters.journal_seq);
  }
  base::Status put_deadlines(const TicketDeadlines& deadlines, base::Instant now) override {
    return store::put_deadlines(change_, deadlines, now);
  }
  base::Status drop_deadlines(base::TicketId id) override {
    return store::drop_deadlines(change_, id);
  }
  base::Status put_bookmark(std::string_view follower, const Bookmark& bookmark) override {
    return store::put_bookmark(change_, follower, bookmark);
  }
  base::Status put_notice(std::string_view desk, std::string_view sender,
                          base::Instant at) override {
    return store::put_notice(change_, desk, sender, at);
  }
  base::Result<bool> forget_notices(base::Instant before, base::Instant now,
                                    std::size_t limit) override {
    return store::forget_notices(change_, before, now, limit);
  }
  base::Status put_chunk(const SealedChunk& chunk) override;
  base::Status drop_body(base::BodyId id) override;
  base::Result<base::MessageId> accept(Message message) override;
  base::Status mark_sort_attempt(base::MessageId id) override;
  base::Result<base::TicketId> open_ticket(ticket::Ticket ticket) override;
  base::TicketId reserve_ticket() override { return store::reserve_ticket(change_); }
  base::Status open_reserved(const ticket::Ticket& ticket) override {
    return store::open_reserved(change_, ticket);
  }
  base::Status update_ticket(const ticket::Ticket& ticket) override;
  base::Status merge_ticket(base::TicketId from, base::TicketId into, const Act& act) override;
  base::Status move_message(base::MessageId message, base::TicketId into, const Act& act) override;
  base::Status put_sighting(std::string_view desk, std::string_view party, std::string_view subject,
                            const Sighting& sighting) override;
  base::Status put_sorted(base::MessageId id, const Sorted& sorted) override;
  base::Result<base::MessageId> add_message(Message message, Sorted sorted) override;
  base::Status put_bulk_action(const BulkAction& action) override;
  base::Status drop_bulk_action(std::string_view who) override;
  base::Status put_absence(const ticket::Absence& absence, const Act& act) override;
  base::Status drop_absence(std::string_view person, const Act& act) override;
  base::Status put_lease(const ticket::Lease& lease, const Act& act) override;
  base::Status drop_lease(base::TicketId id, const Act& act) override;
  base::Status put_staffing(const StaffingChoice& choice) override;
  base::Status put_triage(const Triage& triage) override;
  base::Status enqueue(const Delivery& delivery) override;
  base::Status offer(base::MessageId id, std::string_view target, base::Instant at) override;
  base::Status acknowledge(base::MessageId id, std::string_view target, std::string_view receipt,
                           base::Instant at) override;
  base::Status prove(base::MessageId id, std::string_view target, std::string_view proof,
                     base::Instant at) override;
  base::Status defer(base::MessageId id, std::string_view target, const Deferral& deferral,
                     base::Instant at) override;
  base::Status quarantine(base::MessageId id, std::string_view target, std::string_view why,
                          base::Instant at) override;
  base::Status put_parts(base::MessageId id, std::string_view target,
                         std::vector<DeliveryPart> parts, base::Instant at) override;
  base::Status retry(base::MessageId id, std::string_view target, base::Instant at) override;
  base::Status suppress(base::MessageId id, std::string_view target, std::string_view why,
                        base::Instant at) override;
  base::Result<std::optional<LanePosition>> hold_lanes(std::string_view target, bool hold,
                                                       LanePosition after, std::size_t limit,
                                                       base::Instant at) override;
  base::Status put_standing(std::string_view primary, const failover::Standing& standing) override;
  base::Status add_transition(const TransitionRecord& record) override;
  base::Status put_switches(std::string_view primary, const Switches& switches) override;
  base::Status put_abilities(std::string_view primary, const Abilities& abilities) override;
  base::Status note(JournalEntry entry) override;

 private:
  Change& change_;
};

}  // namespace beredd::store
