#pragma once
// Tickets and messages as the control API shows them. Plain data: the daemon fills it in, beredctl
// prints it. Member names are the JSON keys; where a comment says so, an empty member is null.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "beredd/api/deadline.h"
#include "beredd/api/notice.h"
#include "beredd/base/clock.h"
#include "beredd/base/units.h"

namespace beredd::api {

struct Person {
  std::string name;
  std::string address;
  friend bool operator==(const Person&, const Person&) = default;
};

struct Attachment {
  std::uint32_t index = 0;  // what `message part` asks for
  std::string name;
  std::string type;
  base::Bytes size;  // of the decoded bytes, as sha256 is
  std::string sha256;
  friend bool operator==(const Attachment&, const Attachment&) = default;
};

// What was asked of reports for one recipient (RFC 3461 §4.1, §4.2), as it was written.
struct RecipientDsn {
  std::string notify;  // "SUCCESS,DELAY"; null: not given
  std::string orcpt;   // "rfc822;ann@example.net"; null: not given
  friend bool operator==(const RecipientDsn&, const RecipientDsn&) = default;
};

// And for the mail (§4.3, §4.4).
struct Dsn {
  std::string ret;                       // FULL, HDRS; null: not given
  std::string envid;                     // null: not given
  std::vector<RecipientDsn> recipients;  // beside the envelope's `to`
  friend bool operator==(const Dsn&, const Dsn&) = default;
};

// Paths as SMTP said them; an empty `from` is the null path <>.
struct Envelope {
  std::string from;
  std::vector<std::string> to;
  bool smtputf8 = false;        // MAIL said SMTPUTF8 (RFC 6531)
  std::optional<Dsn> dsn = {};  // null: nothing was asked
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

// The message's way to its desk's primary.
struct Delivery {
  std::string target;
  std::string
      state;  // held, queued, offered, acknowledged, proven, quarantined, suppressed, expired
  int attempts = 0;
  std::string words;    // null: no attempt yet; the last answer or failure
  std::string receipt;  // null: not acknowledged
  std::string proof;    // null: not proven
  friend bool operator==(const Delivery&, const Delivery&) = default;
};

// What a delivery report says.
struct Report {
  std::string outcome;                    // failed, delayed, delivered, other
  std::string status;                     // "5.1.1"; null: it names none
  std::vector<std::string> recipients;    // whom the mail that it is about was for
  std::optional<std::uint64_t> concerns;  // that mail, where it is here
  friend bool operator==(const Report&, const Report&) = default;
};

struct Message {
  std::uint64_t id = 0;
  std::optional<std::uint64_t> ticket;  // null: not sorted yet
  std::string desk;
  std::string direction;    // in, out, note
  std::string source;       // smtp, imap, staff
  std::string message_id;   // null: the mail has none
  std::string in_reply_to;  // null: none; the first when there are several
  std::vector<std::string> references;
  Envelope envelope;
  std::vector<Person> from, to, cc, reply_to;
  std::string subject;
  std::optional<base::Instant> date;  // what the mail claims; null: nothing readable
  base::Instant received{};
  base::Bytes size;                           // of the raw bytes as received
  std::string sha256;                         // of the same
  std::optional<std::string> text, new_text;  // left out of lists
  std::vector<Attachment> attachments;
  std::vector<std::string> defects;
  std::optional<Delivery> delivery;  // null: it goes to no primary
  std::string peer;                  // who handed it to us; null: nobody did
  std::string trace_id;              // the id in our Received header
  std::string kind;  // person, auto-reply, vacation, delivery-report, list, bulk; null: not sorted
  std::string reason;                    // why it is in its ticket; null: not sorted yet
  bool new_participant = false;          // its sender was no party of the ticket that it joined
  std::optional<std::uint64_t> copy_of;  // the message that was the same mail before it
  std::vector<std::uint64_t> copies;     // those that came after it; in a ticket's messages only
  std::optional<Report> report;          // null: it is no delivery report
  std::optional<std::string> author;     // who wrote it; left out of mail that came in
  friend bool operator==(const Message&, const Message&) = default;
};

// One line of a ticket's history.
struct HistoryEntry {
  std::uint64_t seq = 0;  // of the journal
  base::Instant at{};
  std::string who;   // null: the daemon did it by itself
  std::string what;  // "assigned", "noted", "acknowledged", …: the word of the journal
  std::optional<std::uint64_t> message;  // null: it is about none
  std::string target;                    // null: it is about no primary
  std::string detail;                    // null: nothing more to say
  friend bool operator==(const HistoryEntry&, const HistoryEntry&) = default;
};

// Who is answering a ticket, and until when.
struct TicketLease {
  std::string holder;
  base::Instant until{};
  friend bool operator==(const TicketLease&, const TicketLease&) = default;
};

// A value that was found in the mail of a ticket, such as a customer's number.
struct CustomField {
  std::string name, value;
  friend bool operator==(const CustomField&, const CustomField&) = default;
};

struct Ticket {
  std::uint64_t id = 0;
  std::string desk;
  std::string subject;
  std::string state;    // new, open, pending, solved, closed
  std::string custody;  // primary, fallback, returned
  int line = 1;
  std::string priority;  // low, normal, high, urgent
  std::string assignee;  // null: nobody
  std::vector<std::string> tags;
  Person requester;
  base::Instant created{}, updated{};
  bool undelivered = false;           // a report says that a mail of it did not arrive
  std::vector<std::uint64_t> linked;  // tickets that it has to do with
  std::vector<std::uint64_t> merged;  // numbers of tickets that went up in it
  std::string reply_address;          // signed; null: the desk takes no plus addresses
  std::string token;                  // for subjects: "[beredd-1042.mzxw6ytboi]"; null in lists
  std::optional<base::Instant> pending_until;        // null: not pending, or until somebody writes
  std::optional<TicketLease> lease = {};             // null: nobody is answering it
  std::optional<Due> due;                            // null: nothing promised runs
  std::optional<std::vector<ServiceEvent>> crossed;  // what came near or was broken; not in lists
  std::optional<std::vector<Message>> messages;      // left out of lists
  std::optional<std::vector<HistoryEntry>> history;  // likewise
  std::optional<std::vector<CustomField>> fields = {};  // likewise
  std::optional<std::string> team = {}, language = {};  // likewise; that rules found it to be for
  std::optional<TicketNotice> notice = {};              // likewise; and where nothing was decided
  friend bool operator==(const Ticket&, const Ticket&) = default;
};

}  // namespace beredd::api
