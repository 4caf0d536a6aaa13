#pragma once
// Which ticket a mail joins. Pure: the caller looks up what the clues name and asks for a decision.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/ids.h"
#include "beredd/mail/reading.h"

namespace beredd::ticket {

// What a mail says about where it belongs, strongest evidence first within each list.
struct Clues {
  std::string message_id;
  std::vector<std::string>
      ancestors;               // In-Reply-To, then References from the newest back; no doubles
  std::size_t replied_to = 0;  // how many of them In-Reply-To names
  std::optional<base::TicketId> token;  // "[beredd-1042]" in the subject
  std::vector<std::string> parties;     // addresses in From and Reply-To, lower case
};

Clues clues_of(const mail::Reading& reading);

// The token that our own subjects carry for a ticket: "[beredd-1042]". It resembles no helpdesk's
// own.
std::string subject_token(base::TicketId id);

// The token anywhere in a subject, in any case. Of several the last one counts: whatever passes a
// subject on, another desk of ours too, puts its own in front of what it found.
std::optional<base::TicketId> parse_subject_token(std::string_view subject);

// What the store found for the clues, each with its ticket; nothing where it found nothing.
struct Findings {
  struct Ancestor {
    std::string message_id;
    base::TicketId ticket;
  };
  std::vector<Ancestor> ancestors;  // in the order of Clues::ancestors
  std::optional<base::TicketId>
      awaited_by;  // a ticket whose mail referred to this message_id earlier
  struct Token {
    base::TicketId ticket;
    std::vector<std::string> parties;  // known parties of that ticket, lower case
  };
  std::optional<Token> token;
};

struct Decision {
  std::optional<base::TicketId> join;  // nothing: open a new ticket
  // "in-reply-to <…>", "references <…>", "an earlier mail refers to this one", "subject token from
  // a known party", "subject token from an unknown party", "no known reference"
  std::string reason;
  // Other tickets that the references of this mail lead to. It came late and shows that they are
  // one conversation with `join`; whether they may still be merged is for the caller to say.
  std::vector<base::TicketId> linked;
};

// Evidence in this order: ancestors, awaited_by, then the token when a party is known.
Decision decide(const Clues& clues, const Findings& findings);

}  // namespace beredd::ticket
