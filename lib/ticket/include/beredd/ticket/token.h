#pragma once
// How a ticket's number travels in mail: in a signed reply address, in the Message-IDs and envelope
// ids of our answers, and in subjects. Pure; what proves a number is made and checked by others
// (store::ReadTxn::ticket_proof).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/base/ids.h"
#include "beredd/mail/envelope.h"

namespace beredd::ticket {

inline constexpr std::size_t kProofSize = 10;

// A number as a mail names it.
struct Named {
  base::TicketId ticket;
  std::string proof;  // lower case; empty: it came without
  friend bool operator==(const Named&, const Named&) = default;
};

// "support+t1042.mzxw6ytboi@example.org", of the desk's address. Nothing where that has a quoted
// local part, or a detail of its own already.
std::optional<mail::Mailbox> reply_address(const mail::Mailbox& desk, const Named& ticket);

// "beredd.t1042.mzxw6ytboi.SERIAL@host", without brackets: of what we send for a ticket.
std::string own_message_id(const Named& ticket, std::string_view serial, std::string_view host);
// "beredd.t1042.mzxw6ytboi": what we say as ENVID (RFC 3461 §4.4).
std::string own_envelope_id(const Named& ticket);

// Every signed number in an address, a Message-ID or an envelope id, in any case, whatever hosts on
// the way put around it (VERP, SRS, "local+t1042.mzxw6ytboi=example.org@…").
std::vector<Named> signed_numbers(std::string_view text);

// The token that our own subjects carry: "[beredd-1042.mzxw6ytboi]", or "[beredd-1042]" without a
// proof. It resembles no helpdesk's own.
std::string subject_token(const Named& ticket);

// The token anywhere in a subject, in any case. Of several the last one counts: whatever passes a
// subject on, another desk of ours too, puts its own in front of what it found.
std::optional<Named> parse_subject_token(std::string_view subject);

// The subject less every token.
std::string without_token(std::string_view subject);

}  // namespace beredd::ticket
