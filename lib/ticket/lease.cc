#include "beredd/ticket/lease.h"

namespace beredd::ticket {

bool in_force(const Lease& lease, base::Instant now, base::Duration length) {
  return now < lease.until && lease.until <= now + length;
}

Grant take(base::TicketId ticket, const std::optional<Lease>& held, std::string_view who,
           base::Instant now, base::Duration length) {
  Lease fresh{ticket, std::string(who), now, now + length};
  if (!held || !in_force(*held, now, length)) return {Grant::What::taken, std::move(fresh)};
  if (held->holder != who) return {Grant::What::refused, *held};
  fresh.since = held->since;
  return {Grant::What::renewed, std::move(fresh)};
}

}  // namespace beredd::ticket
