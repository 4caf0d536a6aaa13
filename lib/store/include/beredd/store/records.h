#pragma once
// The facts that the store keeps, as plain values.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/digest.h"
#include "beredd/base/ids.h"
#include "beredd/base/units.h"
#include "beredd/failover/machine.h"
#include "beredd/mail/envelope.h"
#include "beredd/mail/reading.h"
#include "beredd/store/parts.h"
#include "beredd/ticket/ticket.h"

namespace beredd::store {

enum class Direction { in, out, note };
enum class Source { smtp, imap, staff };
std::string_view name(Direction direction);
std::string_view name(Source source);

// Where the raw bytes lie and how to open them. `salt` derives the key that seals the chunks.
struct BodyRef {
  base::BodyId id;
  std::array<std::byte, 16> salt{};
  std::uint32_t chunks = 0;
  base::Bytes size;
  base::Sha256 sha256{};
  friend bool operator==(const BodyRef&, const BodyRef&) = default;
};

// One mail as accepted, for one desk. Immutable once committed.
struct Message {
  base::MessageId id;  // given by accept(): in the order of acceptance
  Direction direction = Direction::in;
  Source source = Source::smtp;
  std::string desk;
  mail::Envelope envelope;
  std::string trace;     // our Received header, CRLF at the end; put on when the mail leaves
  std::string trace_id;  // its id clause: unique for ever
  std::string peer;      // "192.0.2.7 (mail.example.net)", for the operator
  base::Instant received{};
  BodyRef body;
  // The login, or the name in the configuration, of who wrote it; empty for mail that came in.
  std::string author;
  friend bool operator==(const Message&, const Message&) = default;
};

// What sorting found out about a message.
struct Sorted {
  base::TicketId ticket;
  std::string reason;  // why this ticket
  mail::Reading reading;
  base::Instant at{};
  bool new_participant = false;  // its sender was no party of the ticket that it joined
  // The message of the same desk that carried the same mail before; 0: none did. Such a copy is
  // recorded, but it is no message of the conversation and goes to no primary.
  base::MessageId copy_of = {};
  // Of a delivery report: the message that it is about, or 0 where that is not known.
  base::MessageId concerns = {};
  friend bool operator==(const Sorted&, const Sorted&) = default;
};

// A party was seen in a ticket.
struct Sighting {
  base::TicketId ticket;
  base::Instant at{};  // the newest
  bool reply = false;  // in nothing but replies
  friend bool operator==(const Sighting&, const Sighting&) = default;
};

// held: waits for the primary to recover. queued: goes out when it is due. offered: the first byte
// may have left, the answer is not known. acknowledged: their 2xx. proven: found in the primary.
enum class DeliveryState {
  held,
  queued,
  offered,
  acknowledged,
  proven,
  quarantined,
  suppressed,
  expired
};
std::string_view name(DeliveryState state);
std::optional<DeliveryState> delivery_state_named(std::string_view text);

// One message's way to one target. `target` is the name of a primary.
struct Delivery {
  base::MessageId message;
  base::TicketId ticket;
  std::string target;
  DeliveryState state = DeliveryState::queued;
  int attempts = 0;
  base::Instant created{};
  base::Instant due{};  // not before; meaningful for held and queued
  base::Instant changed{};
  std::string words;    // the last answer or failure, one line
  std::string receipt;  // their words at the acknowledgement
  std::string proof;    // where and when it was found
  std::vector<DeliveryPart> parts;  // empty: it goes one way, to all of its recipients at once
  friend bool operator==(const Delivery&, const Delivery&) = default;
};

// The first unfinished delivery of one ticket to one target; those behind it wait for it.
struct Lane {
  base::TicketId ticket;
  base::MessageId head;
  base::Instant due{};
  base::Bytes size;  // of the head
};

struct DeliveryCounts {
  std::uint64_t held = 0, queued = 0, offered = 0, acknowledged = 0, proven = 0, quarantined = 0,
                suppressed = 0, expired = 0;
  std::uint64_t waiting() const { return held + queued + offered; }
};

// One line of the journal; `hash` chains it to the one before.
struct JournalEntry {
  base::JournalSeq seq;
  base::Instant at{};
  std::string what;  // "accepted", "sorted", "offered", …, "mode", "forced"
  base::MessageId message;
  base::TicketId ticket;
  std::string target;
  std::string detail;
  std::string who;  // as Message::author; empty: the daemon did it by itself
  base::Sha256 hash{};
};

// Somebody does something to a ticket. `who` as in JournalEntry.
struct Act {
  std::string who;
  std::string why;
  base::Instant at{};
};

// What one person's last bulk action did, kept so that it can be undone.
struct BulkAction {
  struct Changed {
    ticket::Ticket before, after;
    friend bool operator==(const Changed&, const Changed&) = default;
  };
  std::string who;
  base::Instant at{};
  std::string what;  // "state solved, tags +printer"
  std::vector<Changed> tickets;
  friend bool operator==(const BulkAction&, const BulkAction&) = default;
};

struct TransitionRecord {
  std::string primary;
  failover::Transition transition;
};

// Which tickets to list, newest first. Empty members do not restrict.
struct TicketQuery {
  std::optional<ticket::State> state;
  std::string desk;
  std::string assignee;
  std::optional<ticket::Custody> custody;
  std::string search;                                // in subject and requester, ignoring case
  std::optional<std::vector<base::TicketId>> among;  // only these; ascending
  // Asked last, newest first, within the read; one that it refuses is not listed.
  std::function<bool(const ticket::Ticket&)> accepts;
  // Only those that are due, the one due first before the others; with `due_by`, not after it.
  bool by_due = false;
  std::optional<base::Instant> due_by;
  std::size_t limit = 100;
};

// What a primary said in its last answer to EHLO that it can take on.
struct Abilities {
  bool smtputf8 = false;  // with 8BITMIME, which RFC 6531 wants beside it
  bool dsn = false;
  std::optional<base::Bytes> max_size;  // of SIZE, when it named one
  base::Instant seen{};                 // when this was first said; not renewed while it stays so
  friend bool operator==(const Abilities&, const Abilities&) = default;
};

// What an operator switched, per primary; survives a restart.
struct Switches {
  bool paused = false;    // hand-back stands still
  bool released = false;  // `handback run` was said for a manual hand-back
  friend bool operator==(const Switches&, const Switches&) = default;
};

}  // namespace beredd::store
