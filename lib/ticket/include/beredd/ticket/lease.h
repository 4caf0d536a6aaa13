#pragma once
// The answer lease: whoever opens a reply has the ticket to themselves for a while. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "beredd/base/clock.h"
#include "beredd/base/ids.h"

namespace beredd::ticket {

struct Lease {
  base::TicketId ticket;
  std::string holder;
  base::Instant since{};
  base::Instant until{};  // exclusive
  friend bool operator==(const Lease&, const Lease&) = default;
};

// Whether it keeps others away at `now`. One that lies further ahead than `length` was written by a
// clock that was ahead, and is over.
bool in_force(const Lease& lease, base::Instant now, base::Duration length);

struct Grant {
  enum class What { taken, renewed, refused };
  What what = What::taken;
  Lease lease;  // the one in force from now on: the asker's, or whose it is
};

// What becomes of `held` when `who` asks at `now` for `length`. One's own is renewed: it begins
// when it began, and lasts for `length` from now on.
Grant take(base::TicketId ticket, const std::optional<Lease>& held, std::string_view who,
           base::Instant now, base::Duration length);

}  // namespace beredd::ticket
