#pragma once
// The order in which deliveries leave: a lane is one ticket's unfinished deliveries (held, queued,
// offered) to one target, by message. Its head is the lowest message; only the head has a due time
// that counts.
//
// 1. Table lanes has one row per unfinished delivery.
// 2. Table lane_due has one row per lane whose head is held or queued, and none for a lane whose
// head
//    is offered: what becomes of that one is known to whoever offered it, or is asked at the start.

#include "change.h"

#include <functional>

namespace beredd::store {

constexpr bool unfinished(DeliveryState state) {
  return state == DeliveryState::held || state == DeliveryState::queued ||
         state == DeliveryState::offered;
}

std::string target_blind(const Tables& tables, std::string_view target);

// Brings both tables in line with `now`, the state of a delivery after a step.
void update_lane(Change& change, const StoredDelivery& now);

base::Result<std::vector<Lane>> due_lanes(const Tables& tables, std::string_view target,
                                          base::Instant until, std::size_t limit,
                                          const std::function<bool(base::TicketId)>& busy);
bool has_lane(const Tables& tables, std::string_view target, base::TicketId ticket);
std::optional<base::Instant> first_due(const Tables& tables, std::string_view target);

// Unfinished deliveries to `target` behind (ticket, message), by ticket and message.
struct LaneRow {
  base::TicketId ticket;
  base::MessageId message;
};
std::vector<LaneRow> lane_rows(const Tables& tables, std::string_view target, LaneRow after,
                               std::size_t limit);

}  // namespace beredd::store
