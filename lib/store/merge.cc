// The part of tickets.h that lets one ticket go up in another.

#include "deliveries.h"
#include "journal.h"
#include "messages.h"
#include "tickets.h"

#include <algorithm>

#include <fmt/format.h>

namespace beredd::store {
namespace {

base::Status move_message(Change& change, base::MessageId message, base::TicketId from,
                          base::TicketId into) {
  base::Result<std::optional<Sorted>> sorted = read_sorted(change.tables, message);
  if (!sorted) return sorted.error();
  if (*sorted) {
    (*sorted)->ticket = into;
    rewrite_sorted(change, message, **sorted);
  }
  change.tables.erase(Table::ticket_messages, KeyBytes().id(from).id(message));
  join_ticket(change, into, message);
  return move_deliveries(change, message, into);
}

void add_once(std::vector<base::TicketId>& list, base::TicketId id) {
  if (std::ranges::find(list, id) == list.end()) list.push_back(id);
}

// What the surviving ticket takes over from the one that goes.
void take_over(ticket::Ticket& kept, const ticket::Ticket& gone) {
  using ticket::Custody;
  if (gone.created < kept.created) {
    kept.created = gone.created;
    kept.requester = gone.requester;
    kept.subject = gone.subject;
  }
  kept.updated = std::max(kept.updated, gone.updated);
  kept.state = std::min(kept.state, gone.state);  // whichever asks for more
  kept.priority = std::max(kept.priority, gone.priority);
  kept.line = std::max(kept.line, gone.line);
  if (gone.custody == Custody::fallback) kept.custody = Custody::fallback;
  if (kept.assignee.empty()) kept.assignee = gone.assignee;
  for (const std::string& tag : gone.tags) {
    if (std::ranges::find(kept.tags, tag) == kept.tags.end()) kept.tags.push_back(tag);
  }
  kept.undelivered |= gone.undelivered;
  for (const base::TicketId id : gone.linked) add_once(kept.linked, id);
  for (const base::TicketId id : gone.merged) add_once(kept.merged, id);
  add_once(kept.merged, gone.id);
  std::erase_if(kept.linked, [&](base::TicketId id) { return id == gone.id || id == kept.id; });
}

}  // namespace

base::Status merge_ticket(Change& change, base::TicketId from, base::TicketId into,
                          std::string_view why, base::Instant at) {
  Tables& tables = change.tables;
  base::Result<ticket::Ticket> gone = read_ticket(tables, from);
  if (!gone) return gone.error();
  base::Result<ticket::Ticket> kept = read_ticket(tables, into);
  if (!kept) return kept.error();
  if (gone->id == kept->id || gone->desk != kept->desk) {
    return base::permanent(base::Code::conflict, fmt::format("ticket {} cannot go up in ticket {}",
                                                             from.value(), into.value()));
  }
  for (const base::MessageId message : messages_of(tables, gone->id)) {
    if (base::Status moved = move_message(change, message, gone->id, kept->id); !moved) {
      return moved;
    }
  }
  take_over(*kept, *gone);
  erase_ticket(change, *gone);
  tables.put(Table::merged_tickets, KeyBytes().id(gone->id), KeyBytes().id(kept->id));
  if (base::Status updated = update_ticket(change, *kept); !updated) return updated;
  JournalEntry entry;
  entry.at = at;
  entry.what = "merged";
  entry.ticket = kept->id;
  entry.detail = fmt::format("ticket {}: {}", gone->id.value(), why);
  return write_journal(change, std::move(entry));
}

}  // namespace beredd::store
