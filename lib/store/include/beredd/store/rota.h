#pragma once
// What the store keeps of how work is shared, as plain values. Absences and leases are
// ticket::Absence and ticket::Lease.

#include <optional>
#include <string>
#include <vector>

#include "beredd/base/clock.h"
#include "beredd/base/ids.h"
#include "beredd/ticket/lease.h"
#include "beredd/ticket/rota.h"
#include "beredd/ticket/rules.h"
#include "beredd/ticket/staffing.h"

namespace beredd::store {

// The staffing level as it was set last; nothing: it follows presence.
struct StaffingChoice {
  std::optional<ticket::Level> level;
  std::string by;
  base::Instant at{};
  friend bool operator==(const StaffingChoice&, const StaffingChoice&) = default;
};

// What the rules found out about a ticket.
struct Triage {
  base::TicketId ticket;
  base::MessageId read_up_to;  // its messages up to this one were looked at
  ticket::FieldValues fields;
  std::vector<std::string> rules;  // that applied
  std::string team, language;      // that it is for
  friend bool operator==(const Triage&, const Triage&) = default;
};

}  // namespace beredd::store
