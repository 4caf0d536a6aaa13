// The part of tickets.h that moves messages: one ticket goes up in another, or gives one up.

#include "deliveries.h"
#include "journal.h"
#include "messages.h"
#include "tickets.h"

#include <algorithm>

#include <fmt/format.h>

namespace beredd::store {
namespace {

base::Status relocate(Change& change, base::MessageId message, base::TicketId from,
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

// The state of whichever asks for more; of two that are pending, until the earlier time.
void take_over_state(ticket::Ticket& kept, const ticket::Ticket& gone) {
  const auto& theirs = gone.pending_until;
  if (gone.state == kept.state) {
    if (theirs && (!kept.pending_until || *theirs < *kept.pending_until)) {
      kept.pending_until = theirs;
    }
  } else if (gone.state < kept.state) {
    kept.state = gone.state;
    kept.pending_until = theirs;
  }
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
  take_over_state(kept, gone);
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

base::Status note_act(Change& change, std::string_view what, base::TicketId ticket,
                      base::MessageId message, const Act& act) {
  JournalEntry entry;
  entry.at = act.at;
  entry.what = what;
  entry.message = message;
  entry.ticket = ticket;
  entry.detail = act.why;
  entry.who = act.who;
  return write_journal(change, std::move(entry));
}

// The message and those of its ticket that are copies of it. Errors: permanent/conflict when one is
// being offered: the lane that it is in is settled first.
base::Result<std::vector<base::MessageId>> with_copies(const Tables& tables, base::MessageId id,
                                                       base::TicketId ticket) {
  std::vector<base::MessageId> out;
  for (const base::MessageId each : messages_of(tables, ticket)) {
    base::Result<std::optional<Sorted>> sorted = read_sorted(tables, each);
    if (!sorted) return sorted.error();
    if (each == id || (*sorted && (*sorted)->copy_of == id)) out.push_back(each);
  }
  for (const base::MessageId each : out) {
    base::Result<bool> offered = is_offered(tables, each);
    if (!offered) return offered.error();
    if (*offered) {
      return base::permanent(
          base::Code::conflict,
          fmt::format("message {} is being given to its primary at this moment: try again",
                      each.value()));
    }
  }
  return out;
}

}  // namespace

base::Status merge_ticket(Change& change, base::TicketId from, base::TicketId into,
                          const Act& act) {
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
    if (base::Status moved = relocate(change, message, gone->id, kept->id); !moved) {
      return moved;
    }
  }
  take_over(*kept, *gone);
  erase_ticket(change, *gone);
  tables.put(Table::merged_tickets, KeyBytes().id(gone->id), KeyBytes().id(kept->id));
  if (base::Status updated = update_ticket(change, *kept); !updated) return updated;
  return note_act(change, "merged", kept->id, {},
                  {act.who, fmt::format("ticket {}: {}", gone->id.value(), act.why), act.at});
}

base::Status move_message(Change& change, base::MessageId id, base::TicketId into, const Act& act) {
  Tables& tables = change.tables;
  base::Result<Message> message = read_message(tables, id);
  if (!message) return message.error();
  base::Result<std::optional<Sorted>> sorted = read_sorted(tables, id);
  if (!sorted) return sorted.error();
  base::Result<ticket::Ticket> there = read_ticket(tables, into);
  if (!there) return there.error();
  if (!*sorted || (*sorted)->copy_of || there->desk != message->desk ||
      (*sorted)->ticket == there->id) {
    return base::permanent(base::Code::conflict, fmt::format("message {} cannot move to ticket {}",
                                                             id.value(), into.value()));
  }
  const base::TicketId from = (*sorted)->ticket;
  base::Result<std::vector<base::MessageId>> moving = with_copies(tables, id, from);
  if (!moving) return moving.error();
  for (const base::MessageId each : *moving) {
    if (base::Status moved = relocate(change, each, from, there->id); !moved) return moved;
  }
  move_thread(change, message->desk, (*sorted)->reading, from, there->id);
  const Act out{act.who, fmt::format("to ticket {}: {}", there->id.value(), act.why), act.at};
  if (base::Status noted = note_act(change, "moved", from, id, out); !noted) return noted;
  const Act in{act.who, fmt::format("from ticket {}: {}", from.value(), act.why), act.at};
  return note_act(change, "moved", there->id, id, in);
}

}  // namespace beredd::store
