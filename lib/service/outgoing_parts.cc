#include "outgoing_parts.h"

#include "retry.h"

#include <algorithm>

#include <fmt/format.h>

namespace beredd::service {

using store::DeliveryPart;
using store::PartState;

namespace {

bool is_one_of(const Domains& domains, std::string_view domain) {
  return std::ranges::find(domains, domain) != domains.end();
}

}  // namespace

Parts parts_of(const mail::Envelope& envelope, base::Instant now) {
  Parts parts;
  for (const mail::Mailbox& to : envelope.forward_paths) {
    const bool known = std::ranges::find(parts, to.domain, &DeliveryPart::domain) != parts.end();
    if (!known) parts.push_back({to.domain, PartState::open, 0, now, {}});
  }
  return parts;
}

mail::Envelope envelope_for(const mail::Envelope& whole, const Domains& domains) {
  if (domains.empty()) return whole;
  mail::Envelope part = whole;
  part.forward_paths.clear();
  part.recipient_dsn.clear();
  for (std::size_t i = 0; i < whole.forward_paths.size(); ++i) {
    if (!is_one_of(domains, whole.forward_paths[i].domain)) continue;
    part.forward_paths.push_back(whole.forward_paths[i]);
    part.recipient_dsn.push_back(whole.dsn_of(i));
  }
  return part;
}

Domains domains_in(const Parts& parts, PartState state) {
  Domains out;
  for (const DeliveryPart& part : parts) {
    if (part.state == state) out.push_back(part.domain);
  }
  return out;
}

std::optional<base::Instant> next_part_due(const Parts& parts) {
  std::optional<base::Instant> first;
  for (const DeliveryPart& part : parts) {
    if (part.state == PartState::open) first = std::min(first.value_or(part.due), part.due);
  }
  return first;
}

void set_parts(Parts& parts, const Domains& domains, PartState state) {
  for (DeliveryPart& part : parts) {
    if (is_one_of(domains, part.domain)) part.state = state;
  }
}

void settle_parts(Parts& parts, const Domains& domains, const Answer& answer, base::Instant begun,
                  const config::Outgoing& outgoing) {
  using Kind = io::Handover::Kind;
  for (DeliveryPart& part : parts) {
    if (!is_one_of(domains, part.domain)) continue;
    part.words = answer.words;
    ++part.attempts;
    switch (answer.kind) {
      case Kind::acknowledged:
      case Kind::already: part.state = PartState::taken; break;
      case Kind::refused: part.state = PartState::refused; break;
      case Kind::unknown: part.state = PartState::doubtful; break;
      case Kind::deferred:
        part.state = PartState::open;
        part.due = answer.at + wait_after(outgoing.retry, part.attempts);
        if (answer.at - begun <= outgoing.give_up) break;
        part.state = PartState::refused;
        part.words =
            fmt::format("gave up after {} attempts; last: {}", part.attempts, answer.words);
        break;
    }
  }
}

std::string words_of(const Parts& parts) {
  std::string words;
  for (const DeliveryPart& part : parts) {
    if (part.words.empty()) continue;
    const std::string_view doubt = part.state == PartState::doubtful ? "possibly sent: " : "";
    words += fmt::format("{}{}: {}{}", words.empty() ? "" : "; ", part.domain, doubt, part.words);
  }
  return words;
}

}  // namespace beredd::service
