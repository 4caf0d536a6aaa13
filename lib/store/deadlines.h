#pragma once
// Deadlines and service events in their tables; the contracts are WriteTxn's and ReadTxn's.

#include "change.h"

#include "beredd/store/deadlines.h"

namespace beredd::store {

base::Result<std::optional<TicketDeadlines>> read_deadlines(const Tables& tables,
                                                            base::TicketId ticket);
base::Status put_deadlines(Change& change, const TicketDeadlines& deadlines, base::Instant now);
base::Status drop_deadlines(Change& change, base::TicketId ticket);

std::vector<Due> list_dues(const Tables& tables, const std::optional<Due>& after,
                           std::size_t limit);
DueCounts count_dues(const Tables& tables, base::Instant now);
std::vector<base::TicketId> to_wake(const Tables& tables, base::Instant until, std::size_t limit);
std::optional<base::Instant> next_wake(const Tables& tables);
base::Result<std::vector<ServiceEvent>> list_service_events(const Tables& tables,
                                                            base::JournalSeq after,
                                                            std::size_t limit);

base::Result<Bookmark> read_bookmark(const Tables& tables, std::string_view follower);
base::Status put_bookmark(Change& change, std::string_view follower, const Bookmark& bookmark);

}  // namespace beredd::store
