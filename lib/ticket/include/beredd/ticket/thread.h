#pragma once
// Which ticket a mail joins. Pure: the caller looks up what the clues name and asks for a decision.
// docs/threading.md tells the same for those who run a desk.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/ids.h"
#include "beredd/mail/envelope.h"
#include "beredd/mail/reading.h"
#include "beredd/ticket/token.h"

namespace beredd::ticket {

// How far apart two mails of one subject may be that nothing else ties together.
inline constexpr base::Duration kSubjectLasts = std::chrono::hours(24 * 14);

// What a mail says about where it belongs, strongest evidence first within each list.
struct Clues {
  std::string message_id;
  std::vector<std::string> former_ids;
  std::vector<Named> addresses;  // signed numbers in its recipients, and in a report's envelope id
  std::vector<std::string> reported;   // Message-IDs that a delivery report is about
  std::vector<std::string> failed;     // whom those were for, lower case
  std::vector<std::string> ancestors;  // In-Reply-To, then References from the newest back
  std::size_t replied_to = 0;          // how many of them In-Reply-To names
  std::optional<Named> token;          // in the subject
  std::string thread_index;
  std::string subject;               // normalised, without a token
  bool is_reply = false;             // the subject's prefixes say so
  bool is_report = false;            // a delivery report
  bool is_list = false;              // through a mailing list: many write there under one subject
  std::vector<std::string> parties;  // addresses in From and Reply-To, lower case
  base::Instant written{};           // by its Date, or when it came where that is not to be had
};

// `recipients`: of its envelope; `received`: when it came.
Clues clues_of(const mail::Reading& reading, const std::vector<mail::Mailbox>& recipients,
               base::Instant received);

// What the store found for the clues; nothing where it found nothing.
struct Findings {
  struct Ancestor {
    std::string message_id;
    base::TicketId ticket;
  };
  std::optional<base::TicketId> address;  // the first signed number that is proven
  std::vector<Ancestor> reported;         // in the order of Clues::reported
  std::optional<base::TicketId> failed;   // the newest ticket with mail for one of Clues::failed
  std::vector<Ancestor> ancestors;        // in the order of Clues::ancestors
  // A ticket whose mail referred to this message_id earlier.
  std::optional<base::TicketId> awaited_by;
  struct Token {
    base::TicketId ticket;
    bool proven = false;
  };
  std::optional<Token> token;
  std::optional<base::TicketId> conversation;  // of the same Thread-Index
  // Tickets in which one of the mail's parties was seen with its subject, the newest first.
  struct SameSubject {
    base::TicketId ticket;
    base::Instant at{};  // when that was written
    bool reply = false;  // it was a reply
  };
  std::vector<SameSubject> subjects;

  // What is known of each ticket above.
  struct About {
    base::TicketId ticket;
    bool sender_is_party = false;
    std::string subject = {};  // normalised
  };
  std::vector<About> tickets;
  const About* about(base::TicketId ticket) const;
};

struct Policy {
  bool newcomers_join = true;     // else they open a ticket that is linked to the one they name
  bool new_subjects_join = true;  // likewise
};

struct Decision {
  std::optional<base::TicketId> join;  // nothing: open a new ticket
  // "signed reply address", "reports on <…>", "reports on mail to …", "in-reply-to <…>",
  // "references <…>", "an earlier mail refers to this one", "subject token with its proof",
  // "subject token from a known party", "same conversation (Thread-Index)", "reply with the same
  // subject by a known party", "an earlier mail replies to this subject"; of a new ticket "no known
  // reference", "subject token from an unknown party", "new subject under …", "new participant
  // under …" with the reason that it would have joined for.
  std::string reason;
  bool new_participant = false;  // its sender is no party of the ticket that it joins
  // Other tickets that the mail leads to. When it joins, it came late and shows that they are one
  // conversation with `join`; whether they may still be merged is for the caller to say. When it
  // opens one, that is linked to these.
  std::vector<base::TicketId> linked;
};

// Evidence in the order of the members of Findings.
Decision decide(const Clues& clues, const Findings& findings, const Policy& policy);

// Whether one has nothing to do with the other. Both normalised; an empty one fits any.
bool subjects_differ(std::string_view a, std::string_view b);

}  // namespace beredd::ticket
