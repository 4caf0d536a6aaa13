#pragma once
// A mail of ours that goes to each of its recipients' domains apart: which parts it has, which one
// is next, and what an answer makes of them. Pure.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "beredd/config/config.h"
#include "beredd/io/target.h"
#include "beredd/mail/envelope.h"
#include "beredd/store/parts.h"

namespace beredd::service {

using Parts = std::vector<store::DeliveryPart>;
using Domains = std::vector<std::string>;

// One for each domain, in the order of the recipients; all are open and due at `now`.
Parts parts_of(const mail::Envelope& envelope, base::Instant now);

// The same envelope for the recipients in `domains` alone; of none, it stays whole.
mail::Envelope envelope_for(const mail::Envelope& whole, const Domains& domains);

// The domains whose parts are in `state`.
Domains domains_in(const Parts& parts, store::PartState state);

// When the first of the open parts is due; nothing: none is open.
std::optional<base::Instant> next_part_due(const Parts& parts);

void set_parts(Parts& parts, const Domains& domains, store::PartState state);

// What an attempt at `domains` came to; one that was put off for longer than `outgoing.give_up`
// since `begun` is refused.
struct Answer {
  io::Handover::Kind kind = io::Handover::Kind::deferred;
  std::string_view words;
  base::Instant at{};
};
void settle_parts(Parts& parts, const Domains& domains, const Answer& answer, base::Instant begun,
                  const config::Outgoing& outgoing);

// "one.example: 250 ok; two.example: 550 no such user", of all that have words.
std::string words_of(const Parts& parts);

}  // namespace beredd::service
