#pragma once
// Durable facts: the domain's operations and queries. LMDB is the first thing behind this interface
// and does not show through it; another store (a cluster's) can come in here.
//
// Reading happens inside one synchronous closure on a snapshot; it must be short and must not
// suspend. Writing is a closure over a WriteTxn, run on the one writer; it must have no effect
// outside the transaction but on its own result, because it may be run again when a neighbour in
// its batch fails.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/result.h"
#include "beredd/store/body.h"
#include "beredd/store/deadlines.h"
#include "beredd/store/records.h"
#include "beredd/store/rota.h"

namespace beredd::store {

// A consistent view. Errors of every member: permanent/not_found where a thing is named that is not
// there, permanent/corrupt when a record does not open or verify, transient/io.
class ReadTxn {
 public:
  virtual ~ReadTxn() = default;

  // --- messages
  virtual base::Result<Message> message(base::MessageId id) const = 0;
  virtual base::Result<std::optional<Sorted>> sorted(base::MessageId id) const = 0;
  // Chunk `index` of a body, in the clear. Chunks are counted from 0 and hold kChunkSize but the
  // last.
  virtual base::Result<std::string> chunk(const BodyRef& body, std::uint32_t index) const = 0;
  // Ids in ascending order from `after` on (exclusive).
  virtual std::vector<base::MessageId> messages(base::MessageId after, std::size_t limit) const = 0;
  // Descending, newest first, before `before` (exclusive; 0: from the end).
  virtual std::vector<base::MessageId> latest_messages(base::MessageId before,
                                                       std::size_t limit) const = 0;
  virtual std::vector<base::MessageId> unsorted(base::MessageId after, std::size_t limit) const = 0;
  // How often sorting this message was begun and not finished by a process that is gone.
  virtual int sort_attempts(base::MessageId id) const = 0;

  // --- tickets. The number of one that went up in another names that other, everywhere.
  virtual base::Result<ticket::Ticket> ticket(base::TicketId id) const = 0;
  virtual base::Result<std::vector<ticket::Ticket>> tickets(const TicketQuery& query) const = 0;
  virtual std::vector<base::MessageId> messages_of(base::TicketId id) const = 0;
  // Journal entries that name this ticket or one that went up in it, oldest first, behind `after`.
  virtual base::Result<std::vector<JournalEntry>> history(base::TicketId id, base::JournalSeq after,
                                                          std::size_t limit) const = 0;
  // Pending tickets whose pending_until is not after `until`, the longest due first; and when the
  // next one of all is due (nothing: none is).
  virtual std::vector<base::TicketId> to_reopen(base::Instant until, std::size_t limit) const = 0;
  virtual std::optional<base::Instant> next_reopening() const = 0;
  virtual base::Result<std::optional<BulkAction>> bulk_action(std::string_view who) const = 0;
  // The ticket of `desk` in which this Message-ID was seen, or was referred to by a mail that came
  // first.
  virtual std::optional<base::TicketId> ticket_of_message_id(std::string_view desk,
                                                             std::string_view message_id) const = 0;
  virtual std::optional<base::TicketId> ticket_awaiting(std::string_view desk,
                                                        std::string_view message_id) const = 0;
  // The ticket of `desk` whose mail first carried this Thread-Index conversation (Reading).
  virtual std::optional<base::TicketId> ticket_of_conversation(
      std::string_view desk, std::string_view thread_index) const = 0;
  // The tickets of `desk` in which this party (an address, lower case) was seen with this subject,
  // the newest ticket first. An empty subject: with any.
  virtual std::vector<Sighting> sightings(std::string_view desk, std::string_view party,
                                          std::string_view subject, std::size_t limit) const = 0;
  // Whether it was seen in this ticket, under its number of now or one that went up in it.
  virtual bool sighted(std::string_view desk, std::string_view party,
                       const ticket::Ticket& ticket) const = 0;
  // What proves that a ticket's number came from this store: 10 lower-case letters and digits
  // (RFC 4648 §6 base32 of 50 bits of an HMAC). Of a ticket that went up in another it is its own.
  virtual std::string ticket_proof(base::TicketId id) const = 0;
  // Messages of `desk` that carried this Message-ID, oldest first.
  virtual std::vector<base::MessageId> messages_with_id(std::string_view desk,
                                                        std::string_view message_id) const = 0;

  // --- the rota. In the order of nothing that means anything, those that are over among them.
  virtual base::Result<std::vector<ticket::Absence>> absences() const = 0;
  virtual base::Result<std::vector<ticket::Lease>> leases() const = 0;
  virtual base::Result<std::optional<ticket::Lease>> lease(base::TicketId id) const = 0;
  virtual base::Result<StaffingChoice> staffing() const = 0;
  virtual base::Result<Triage> triage(base::TicketId id) const = 0;  // empty: none was made

  // --- deliveries
  virtual base::Result<std::optional<Delivery>> delivery(base::MessageId id,
                                                         std::string_view target) const = 0;
  // Lanes with due ≤ `until`, the longest due first; those in `busy` are passed over. A lane whose
  // head is offered is not among them, nor does it count for next_due(): see deliveries(offered).
  virtual base::Result<std::vector<Lane>> lanes(
      std::string_view target, base::Instant until, std::size_t limit,
      const std::function<bool(base::TicketId)>& busy) const = 0;
  // Does any message of this ticket still wait (held, queued or offered) for `target`?
  virtual bool has_lane(std::string_view target, base::TicketId ticket) const = 0;
  // When the first lane becomes due; nothing: there is none.
  virtual std::optional<base::Instant> next_due(std::string_view target) const = 0;
  virtual base::Result<std::vector<Delivery>> deliveries(std::string_view target,
                                                         DeliveryState state, base::MessageId after,
                                                         std::size_t limit) const = 0;
  virtual DeliveryCounts counts(std::string_view target) const = 0;
  // When the oldest message that still waits was received.
  virtual std::optional<base::Instant> oldest_waiting(std::string_view target) const = 0;

  // --- modes
  virtual base::Result<std::optional<failover::Standing>> standing(
      std::string_view primary) const = 0;
  virtual Switches switches(std::string_view primary) const = 0;
  // Nothing: no session with this primary was ever opened.
  virtual base::Result<std::optional<Abilities>> abilities(std::string_view primary) const = 0;
  // Newest first; an empty `primary` means all.
  virtual base::Result<std::vector<TransitionRecord>> transitions(std::string_view primary,
                                                                  std::size_t limit) const = 0;

  // --- journal
  virtual base::Result<std::vector<JournalEntry>> journal(base::JournalSeq after,
                                                          std::size_t limit) const = 0;

  // The number of its last entry.
  virtual base::Result<base::JournalSeq> journal_end() const = 0;

  // --- what customers were promised
  // Nothing: nothing is promised about this ticket.
  virtual base::Result<std::optional<TicketDeadlines>> deadlines(base::TicketId id) const = 0;
  // What runs, the one due first before the others, behind `after`.
  virtual std::vector<Due> dues(const std::optional<Due>& after, std::size_t limit) const = 0;
  virtual DueCounts due_counts(base::Instant now) const = 0;
  // Tickets whose next crossing comes not after `until`, and when the first one of all comes.
  virtual std::vector<base::TicketId> to_wake(base::Instant until, std::size_t limit) const = 0;
  virtual std::optional<base::Instant> next_wake() const = 0;
  // In the order in which they were written down.
  virtual base::Result<std::vector<ServiceEvent>> service_events(base::JournalSeq after,
                                                                 std::size_t limit) const = 0;
  // Of one who was never seen: the beginning.
  virtual base::Result<Bookmark> bookmark(std::string_view follower) const = 0;

  // --- notices to customers; `sender` is an address in the form in which addresses are compared
  // When this sender was told last, by any desk; nothing: not within the days that are remembered.
  virtual std::optional<base::Instant> last_notice(std::string_view sender) const = 0;
  // How many senders `desk` has told after `since`, counted up to `most`.
  virtual std::uint64_t notices_since(std::string_view desk, base::Instant since,
                                      std::uint64_t most) const = 0;

  virtual std::uint64_t message_count() const = 0;
  virtual std::uint64_t ticket_count() const = 0;
};

// One transaction's changes. Every state change writes its journal entry in the same transaction.
class WriteTxn : public ReadTxn {
 public:
  // --- intake
  // A chunk written ahead of its message; swept at the next start unless accept() names the body.
  virtual base::Status put_chunk(const SealedChunk& chunk) = 0;
  virtual base::Status drop_body(base::BodyId id) = 0;
  // Takes the message in: its record, its place among the unsorted, the journal entry "accepted".
  // `id` of the argument is ignored. Two messages may share one body (two desks, one transaction).
  virtual base::Result<base::MessageId> accept(Message message) = 0;

  // --- sorting
  virtual base::Status mark_sort_attempt(base::MessageId id) = 0;
  virtual base::Result<base::TicketId> open_ticket(ticket::Ticket ticket) = 0;  // `id` is ignored
  // A number for a ticket that is not there yet, which no other one gets; and the ticket with such
  // a number. Errors: permanent/invalid when it was never given out, permanent/exists.
  virtual base::TicketId reserve_ticket() = 0;
  virtual base::Status open_reserved(const ticket::Ticket& ticket) = 0;
  virtual base::Status update_ticket(const ticket::Ticket& ticket) = 0;
  // `from` goes up in `into`: its messages, and what of them still waits and is not offered, are
  // that one's; its number leads there from now on; journal "merged". Errors: permanent/conflict
  // when they are one, or of two desks.
  virtual base::Status merge_ticket(base::TicketId from, base::TicketId into, const Act& act) = 0;
  // `message`, its copies, and what of them still waits are `into`'s from now on, and so are
  // answers to it; journal "moved", once for each of the two tickets. Errors: permanent/conflict
  // when it is a copy itself, `into` has it already or is of another desk, or it is being offered
  // to a primary.
  virtual base::Status move_message(base::MessageId message, base::TicketId into,
                                    const Act& act) = 0;
  virtual base::Status put_sighting(std::string_view desk, std::string_view party,
                                    std::string_view subject, const Sighting& sighting) = 0;
  // Records what sorting found, joins the message to its ticket, indexes its Message-ID and what it
  // refers to, takes it off the unsorted, journal "sorted".
  virtual base::Status put_sorted(base::MessageId id, const Sorted& sorted) = 0;

  // --- the desk
  // Takes in what the desk wrote itself, sorted already: a message of direction out or note, with
  // its author. It becomes the last of its ticket, its Message-ID leads there, and no delivery of
  // it is queued; journal "noted" or "written", at `message.received`, with `sorted.reason`. The
  // ticket's own record stays as it is: whoever adds the message says what becomes of its state and
  // `updated`, in the same transaction. The body's chunks are put before, in this transaction or an
  // earlier one; `id` of the argument and `at` of `sorted` are ignored.
  // Errors: permanent/invalid for another direction, or without an author; permanent/conflict when
  // the ticket is another desk's.
  virtual base::Result<base::MessageId> add_message(Message message, Sorted sorted) = 0;
  // In place of the person's last one. No journal entry: what it did to each ticket has its own.
  virtual base::Status put_bulk_action(const BulkAction& action) = 0;
  virtual base::Status drop_bulk_action(std::string_view who) = 0;

  // --- the rota. In place of what was there; each with its journal entry, but for triage: whoever
  // puts that says what became of the ticket. Errors of the drops: permanent/not_found.
  virtual base::Status put_absence(const ticket::Absence& absence, const Act& act) = 0;
  virtual base::Status drop_absence(std::string_view person, const Act& act) = 0;
  virtual base::Status put_lease(const ticket::Lease& lease, const Act& act) = 0;
  virtual base::Status drop_lease(base::TicketId id, const Act& act) = 0;
  virtual base::Status put_staffing(const StaffingChoice& choice) = 0;
  virtual base::Status put_triage(const Triage& triage) = 0;

  // --- deliveries. Errors: permanent/conflict when the delivery's state does not allow the step.
  virtual base::Status enqueue(const Delivery& delivery) = 0;  // held or queued; permanent/exists
  virtual base::Status offer(base::MessageId id, std::string_view target, base::Instant at) = 0;
  virtual base::Status acknowledge(base::MessageId id, std::string_view target,
                                   std::string_view receipt, base::Instant at) = 0;
  virtual base::Status prove(base::MessageId id, std::string_view target, std::string_view proof,
                             base::Instant at) = 0;
  // Back to queued, or held when `hold`, to be tried from `due` on; `attempted` counts an attempt.
  struct Deferral {
    base::Instant due{};
    bool hold = false;
    bool attempted = true;
    std::string words;
  };
  virtual base::Status defer(base::MessageId id, std::string_view target, const Deferral& deferral,
                             base::Instant at) = 0;
  virtual base::Status quarantine(base::MessageId id, std::string_view target, std::string_view why,
                                  base::Instant at) = 0;
  // The parts of an unfinished delivery, in place of those it had; journal: "part", for each that
  // was taken, refused or lost from sight by it. The delivery's own state stays.
  virtual base::Status put_parts(base::MessageId id, std::string_view target,
                                 std::vector<DeliveryPart> parts, base::Instant at) = 0;
  // Out of the quarantine: to be tried again now, or given up for good with a reason. Of its parts
  // those that were not taken are open again.
  virtual base::Status retry(base::MessageId id, std::string_view target, base::Instant at) = 0;
  virtual base::Status suppress(base::MessageId id, std::string_view target, std::string_view why,
                                base::Instant at) = 0;
  // Up to `limit` waiting deliveries after (ticket, message) `after` become held, and their tickets
  // come into our custody (true); or become queued and due now at the latest, with the custody left
  // to whoever sees them acknowledged (false). What is offered is left alone. Returns where to go
  // on; nothing when through.
  struct LanePosition {
    base::TicketId ticket;
    base::MessageId message;
  };
  virtual base::Result<std::optional<LanePosition>> hold_lanes(std::string_view target, bool hold,
                                                               LanePosition after,
                                                               std::size_t limit,
                                                               base::Instant at) = 0;

  // --- modes
  virtual base::Status put_standing(std::string_view primary,
                                    const failover::Standing& standing) = 0;
  virtual base::Status add_transition(const TransitionRecord& record) = 0;
  virtual base::Status put_switches(std::string_view primary, const Switches& switches) = 0;
  virtual base::Status put_abilities(std::string_view primary, const Abilities& abilities) = 0;

  // --- what customers were promised
  // In place of what was known of the ticket. A crossing that it had not before becomes an event,
  // noticed at `now`; journal "warned" or "breached".
  virtual base::Status put_deadlines(const TicketDeadlines& deadlines, base::Instant now) = 0;
  virtual base::Status drop_deadlines(base::TicketId id) = 0;  // its events stay
  virtual base::Status put_bookmark(std::string_view follower, const Bookmark& bookmark) = 0;

  // --- notices to customers
  // No journal entry: whoever tells says of which ticket.
  virtual base::Status put_notice(std::string_view desk, std::string_view sender,
                                  base::Instant at) = 0;
  // Forgets who was told before `before`, up to `limit`. One who was told behind `now`, by a clock
  // that was ahead, was told now. Whether there may be more.
  virtual base::Result<bool> forget_notices(base::Instant before, base::Instant now,
                                            std::size_t limit) = 0;

  // A journal entry of its own; seq and hash are set here.
  virtual base::Status note(JournalEntry entry) = 0;
};

using Operation = std::function<base::Status(WriteTxn&)>;

// The operation that takes `arrival` in: its chunk, and its messages. It is kept by reference.
Operation taking(const Arrival& arrival);

// Any thread for read(); apply() only from the one writer (store/writer.h, or a test's own thread).
class Store {
 public:
  virtual ~Store() = default;

  // Runs `query` on a snapshot. Its error is returned; transient/io when no snapshot can be had.
  virtual base::Status read(const std::function<base::Status(const ReadTxn&)>& query) const = 0;

  // Runs all in one durable transaction and returns a status each, in order. An operation that
  // fails has no effect and does not harm its neighbours; when many that had an effect fail, the
  // rest get transactions of their own. When the commit itself fails, all of it fail:
  // transient/store_full (no space on disk or in the map), transient/io. On return with success the
  // facts are on disk (fdatasync). A store that a fault of the disk has closed tries to open again
  // here; until it could, everything fails with transient/io.
  virtual std::vector<base::Status> apply(std::span<const Operation> operations) = 0;

  // Takes mail in and returns a status each, in order: on return with success it is on disk, and
  // will be there after any crash. Readers see it after the next settle() or apply(). One thread at
  // a time, which need not be apply()'s. Errors: as apply(); transient/store_full also when
  // settle() has not been called for too long.
  virtual std::vector<base::Status> accept(std::vector<Arrival> arrivals);
  // Lets readers see what accept() took. A failure leaves it where it is, on disk: try again. From
  // the one writer.
  virtual base::Status settle() { return {}; }
  // How full accept() has made what settle() empties, from 0 to 1. Any thread.
  virtual double unsettled() const { return 0; }
  // How many messages that is; whoever reads after asking may count some of them twice, and misses
  // none. Any thread.
  virtual std::size_t unsettled_messages() const { return 0; }

  // A new body to write chunks of. Any thread.
  virtual BodyWriter new_body() = 0;

  // Unique per store, 8 hex digits; part of every trace id. A number that never comes twice, for
  // them.
  virtual std::string_view instance() const = 0;
  virtual std::uint64_t next_serial() = 0;

  // Free bytes for further mail: the lesser of the disk's and the map's.
  virtual base::Bytes room() const = 0;
};

}  // namespace beredd::store
